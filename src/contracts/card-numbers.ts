/**
 * Sixteen digits in groups of four, however they are separated; shorter runs of digits are times. A UUID comes first, for
 * it may have such groups inside.
 */
const UUID_OR_CARD_NUMBER =
  /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|(?<!\d|\d\.)\d{4}([- ]?)\d{4}\1\d{4}\1(\d{4})(?!\d)/gi;

/** Replaces all but the last group of every card number in a text: `VISA-1234-5678-9012-2526` to `VISA-****-****-****-2526`. */
export function maskCardNumbers(text: string): string {
  return text.replace(UUID_OR_CARD_NUMBER, (found: string, separator: string | undefined, last: string) => {
    return separator === undefined ? found : ['****', '****', '****', last].join(separator);
  });
}
