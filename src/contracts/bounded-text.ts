import { maskCardNumbers } from './card-numbers.ts';

/** The most characters of a given value that a message quotes. */
const MAX_QUOTED_LENGTH = 120;

/** A text of at most so many characters: the end of a longer one is replaced by an ellipsis. */
export function cut(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  // Half of a surrogate pair would not be a character.
  return `${text.slice(0, maxLength - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/** A value of unknown origin, to be quoted in a message: short, without a card number, and whatever it is, never throws. */
export function quoted(value: unknown): string {
  return cut(maskCardNumbers(asText(value)), MAX_QUOTED_LENGTH);
}

function asText(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    // It refers to itself, is nested too deeply, or has a `toJSON` that fails.
    return `a value of type ${typeof value} that cannot be shown`;
  }
}
