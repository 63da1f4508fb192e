import { maskCardNumbers } from './card-numbers.ts';

/** What is secret besides card numbers, wherever it stands in a text. Lengths are bounded: a text may be hostile. */
const CREDENTIALS: readonly RegExp[] = [
  // The user and the password in an address.
  /(?<=\b[a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/?#"'\\]{0,512}(?=@)/gi,
  /(?<=^|[\s"'=(,])[\w.~%+-]{1,64}:[^\s/@"'\\]{1,256}(?=@[\w.[])/g,
  // An `Authorization` header.
  /(?<=\b(?:Bearer|Basic)(?:\s|%20|\\[nrt])+)[\w.~+/=-]{8,}/gi,
  // A JSON web token, which is what an API key of Temporal Cloud is.
  /\beyJ[\w-]+\.[\w-]+\.[\w-]*/g,
  // A token of our ticket system.
  /\b\d{13}\.[\w-]{21}\.[\w-]{43}/g,
  // A setting, a parameter or a property that is named after a secret.
  /(?<=(?:api[-_]?key|token|password|passwd|secret)(?:=|["'\\]+\s*:\s*["'\\]+))[^\s"'\\&,;]+/gi,
];

const MASK = '***';

/**
 * Masks what must not be seen: card numbers, and credentials in addresses, headers, settings and tokens. All outputs
 * use it: logs, error responses, the failures that Temporal stores, and what programs print.
 */
export function maskSecrets(text: string): string {
  return CREDENTIALS.reduce((masked, credential) => masked.replace(credential, MASK), maskCardNumbers(text));
}

const MAX_QUOTED_LENGTH = 80;

/** A value to be quoted in a message, as JSON: masked, then cut. */
export function quoted(value: unknown): string {
  return cut(maskSecrets(JSON.stringify(value) ?? String(value)), MAX_QUOTED_LENGTH);
}

/** A text of at most this many characters, and a sign that it goes on. */
export function cut(text: string, maxLength: number): string {
  return text.length > maxLength ? `${text.slice(0, maxLength)}…` : text;
}
