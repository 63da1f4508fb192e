import { beginning, quoted as quotedBy } from 'exactly-one/contract';
import { maskCardNumbers } from './card-numbers.ts';

/**
 * What is secret besides card numbers, wherever it stands in a text. What goes before it stays; a text that lacks the hint
 * has none. Lengths are bounded, because a text may be hostile.
 */
const CREDENTIALS: readonly (readonly [hint: RegExp, secret: RegExp])[] = [
  // The user and the password in an address, with and without a scheme.
  [/@/, /(:\/\/)[^\s/?#"'\\]{0,512}(?=@)/g],
  [/@/, /(^|[\s"'=(,])[\w.~%+-]{1,64}:[^\s/@"'\\]{1,256}(?=@[\w.[])/g],
  // An `Authorization` header.
  [/bearer|basic/i, /(\b(?:Bearer|Basic)(?:\s|%20|\\[nrt])+)[\w.~+/=-]{8,}/gi],
  // A JSON web token, which is what an API key of Temporal Cloud is.
  [/eyJ/, /(\b)eyJ[\w-]{1,2048}\.[\w-]{1,4096}\.[\w-]*/g],
  // A token of our ticket system.
  [/\d{13}\.[\w-]{21}\./, /(\b)\d{13}\.[\w-]{21}\.[\w-]{43}/g],
  // A setting, a parameter or a property that is named after a secret.
  [
    /key|token|passw|secret/i,
    /((?:api[-_]?key|token|password|passwd|secret)(?:=|["'\\]+\s*:\s*["'\\]+))[^\s"'\\&,;]+/gi,
  ],
];

/**
 * Masks what must not be seen: card numbers, and credentials in addresses, headers, settings and tokens. All outputs
 * use it: logs, error responses, the failures that Temporal stores, and what programs print.
 */
export function maskSecrets(text: string): string {
  return CREDENTIALS.reduce(
    (masked, [hint, secret]) => (hint.test(masked) ? masked.replace(secret, '$1***') : masked),
    maskCardNumbers(text),
  );
}

/** A value of whatever origin and form, to be quoted in a message: as JSON, masked, then cut. Never throws. */
export function quoted(value: unknown): string {
  return quotedBy(value, maskSecrets);
}

/** The beginning of a text, masked. The time that this takes does not grow with the text. */
export function maskedBeginning(text: string, maxLength: number): string {
  return beginning(text, maxLength, maskSecrets);
}
