import type { Violation } from './violation.ts';

/** Sixteen digits with or without separators, in a lookahead because one match may begin within another. */
const SIXTEEN_DIGITS = /(?=(\d{4}[- ]?\d{4}[- ]?\d{4}[- ]?\d{4}))/g;
const CARD_NUMBER = /VISA\W?\d{4}(\W?\d{4}){3}/i;
const BASE64 = /"([A-Za-z0-9+/]{8,}={0,2})"/g;

/**
 * I8: no unmasked card number in a text.
 * @param place where the text comes from
 * @param cards the unmasked numbers of all cards in use, `VISA-1234-...`
 */
export function cardNumbersIn(place: string, text: string, cards: ReadonlySet<string>): readonly Violation[] {
  const violation = { what: `${place} contains an unmasked card number` };
  if (CARD_NUMBER.test(text)) return [violation];
  const digits = new Set([...cards].map((card) => card.replace(/\D/g, '')));
  for (const [, found = ''] of text.matchAll(SIXTEEN_DIGITS)) {
    if (digits.has(found.replace(/\D/g, ''))) return [violation];
  }
  return [];
}

/** A history's JSON, followed by everything in it that looks like base64, decoded: the payloads. */
export function withPayloadsDecoded(json: string): string {
  const decoded = [...json.matchAll(BASE64)].map(([, data = '']) => Buffer.from(data, 'base64').toString('latin1'));
  return [json, ...decoded].join('\n');
}
