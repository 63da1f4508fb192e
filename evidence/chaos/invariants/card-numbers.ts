import type { Violation } from './violation.ts';

/** Sixteen digits, however they are separated; one may begin within another. */
const SIXTEEN_DIGITS = /(?=(\d{4}[- ]?\d{4}[- ]?\d{4}[- ]?\d{4}))/g;
const WHOLE_CARD = /VISA\W?\d{4}(\W?\d{4}){3}/i;
const BASE64 = /"([A-Za-z0-9+/]{8,}={0,2})"/g;

/**
 * I8: no card number in a text.
 * @param place where the text is from
 * @param cards the whole numbers of all cards that were used, `VISA-1234-...`
 */
export function cardNumbersIn(place: string, text: string, cards: ReadonlySet<string>): readonly Violation[] {
  const violation = { what: `${place} holds a whole card number` };
  if (WHOLE_CARD.test(text)) return [violation];
  const digits = new Set([...cards].map((card) => card.replace(/\D/g, '')));
  for (const [, found = ''] of text.matchAll(SIXTEEN_DIGITS)) {
    if (digits.has(found.replace(/\D/g, ''))) return [violation];
  }
  return [];
}

/** What checks like base64 in JSON, decoded: the payloads of a history. */
export function withPayloadsDecoded(json: string): string {
  const decoded = [...json.matchAll(BASE64)].map(([, data = '']) => Buffer.from(data, 'base64').toString('latin1'));
  return [json, ...decoded].join('\n');
}
