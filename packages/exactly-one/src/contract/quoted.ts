/** Replaces what must not be seen in a text. */
export type Mask = (text: string) => string;

const MAX_QUOTED_LENGTH = 120;

/** A secret that begins within a text that is shown may end this much later. */
const LONGEST_SECRET = 1_000;

/**
 * A value of whatever origin and form, to be quoted in a message: as JSON, masked, then cut. Never throws, because the
 * message says what is wrong.
 * @param mask default: the text stays as it is
 */
export function quoted(value: unknown, mask?: Mask): string {
  return beginning(asJson(value), MAX_QUOTED_LENGTH, mask);
}

/**
 * The beginning of a text, masked. The time that this takes does not grow with the text.
 * @param mask default: the text stays as it is
 */
export function beginning(text: string, maxLength: number, mask: Mask = (unmasked) => unmasked): string {
  return cut(mask(text.slice(0, maxLength + LONGEST_SECRET)), maxLength);
}

/** A text of at most this many characters, and a sign that it goes on. */
export function cut(text: string, maxLength: number): string {
  // Half of a surrogate pair would not be a character.
  return text.length > maxLength ? `${text.slice(0, maxLength).replace(/[\uD800-\uDBFF]$/, '')}…` : text;
}

function asJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    // It refers to itself, is nested too deeply, or has a `toJSON` that fails.
    return `a value of type ${typeof value} that cannot be shown`;
  }
}
