/**
 * A full card number, which appears only in the vault's response and in a create request: `VISA-1234-5678-9012-2526`.
 */
export const CARD_NUMBER_PATTERN = '^VISA(-\\d{4}){4}$';

/** To be used inside another pattern: a card number within an id. Groups of digits inside a UUID do not count. */
export const CARD_NUMBER_IN_ID_PATTERN = '(?<![0-9A-Za-z])\\d{4}(-?)\\d{4}\\1\\d{4}\\1\\d{4}(?![0-9A-Za-z])';

/**
 * Sixteen digits in groups of four, separated by dashes, spaces or nothing. Shorter runs of digits are left alone: they
 * are usually times. A UUID is matched first, because it may contain such groups.
 */
const UUID_OR_CARD_NUMBER =
  /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|(?<!\d|\d\.)\d{4}([- ]?)\d{4}\1\d{4}\1(\d{4})(?!\d)/gi;

/** Masks every card number in a text, all but its last group: `VISA-****-****-****-2526`. */
export function maskCardNumbers(text: string): string {
  return text.replace(UUID_OR_CARD_NUMBER, (found: string, separator: string | undefined, last: string) => {
    return separator === undefined ? found : ['****', '****', '****', last].join(separator);
  });
}

const LABELLED_CARD_NUMBER = /VISA(\W?\d{4}){4}/i;

/**
 * Whether a text contains an unmasked card number after the word VISA. It shares nothing with {@link maskCardNumbers},
 * so that an audit finds what the masking missed.
 */
export function containsCardNumber(text: string): boolean {
  return LABELLED_CARD_NUMBER.test(text);
}
