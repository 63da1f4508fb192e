/** Sixteen digits in groups of four, however they are separated; shorter runs of digits are times. */
const CARD_NUMBER = /(?<!\d|\d\.)\d{4}([- ]?)\d{4}\1\d{4}\1(\d{4})(?!\d)/g;

/** Replaces all but the last group of every card number in a text: `VISA-1234-5678-9012-2526` to `VISA-****-****-****-2526`. */
export function maskCardNumbers(text: string): string {
  return text.replace(CARD_NUMBER, (_, separator: string, last: string) => {
    return ['****', '****', '****', last].join(separator);
  });
}
