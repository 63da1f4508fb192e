/**
 * A full card number, which appears only in the vault's response and in a create request: `VISA-1234-5678-9012-2526`.
 */
export const CARD_NUMBER_PATTERN = '^VISA(-\\d{4}){4}$';

/**
 * What is written between the groups of a card number, also in an address or in JSON: spaces, breaks and dashes of all
 * kinds, and characters that are not seen.
 */
const SEPARATOR =
  '(?:[-. _+\\t\\r\\n\\u00a0\\u00ad\\u00b7\\u2000-\\u2015\\u2028\\u2029\\u202f\\u2060-\\u2064\\u2212\\u3000\\ufeff\\uff0d\\uff0e]' +
  '|\\\\[tnr]|%20|%2[de]|%c2%a0)';

/** Where digits other than 0 to 9 begin. */
const FIRST_OTHER_DIGIT = 0x660;
/** The digits of other scripts and of other widths: 4 may be written as \uff14 or as \u0664. */
const OTHER_DIGIT = /(?!\d)\p{Nd}/gu;
const ANY_DIGIT = /^\p{Nd}$/u;

/**
 * At least 13 digits. Ids that contain so many by chance are matched before them: a UUID, and a UUID without dashes or a
 * hash that has letters too.
 */
const ID_OR_DIGITS = new RegExp(
  '[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}' +
    '|(?<![0-9a-z])(?=\\d*[a-f])(?:[0-9a-f]{64}|[0-9a-f]{40}|[0-9a-f]{32})(?![0-9a-z])' +
    `|(\\d(?:${SEPARATOR}{0,3}\\d){12,})`,
  'gi',
);

const DIGITS_OR_SEPARATOR = /%20|%2[de]|%c2%a0|\d+|\D/gi;

/** How card numbers are grouped. The last two are those of American Express and Diners Club, which begin with a 3. */
const GROUPS = /^(?:\d{16}|\d{4} \d{4} \d{4} \d{4}|3\d{3} \d{6} \d{4,5})$/;

/** No time before the year 2065 begins with these digits, in whatever unit. */
const ISSUER = /^[3456]/;

/** In front of a card number. After it, any digits in any groups are one. */
const LABEL = /VISA[^0-9a-z]{0,3}$/i;
const LABEL_LENGTH = 7;

const DIGIT_0 = 0x30;
const DIGIT_9 = 0x39;
const MIN_DIGITS = 13;
const MAX_DIGITS = 19;
const VISIBLE_DIGITS = 4;

/**
 * Masks every card number in a text, all but its last four digits: `VISA-****-****-****-2526`.
 *
 * Sixteen digits are a card number when they stand together or in groups of four, since the cards of this house have any
 * digits. Other numbers of 13 to 19 digits are one when they begin like a card's and their check digit is right (ISO/IEC
 * 7812-1, annex B). Times, UUIDs and hashes stay as they are.
 */
export function maskCardNumbers(text: string): string {
  if (!mayHaveDigits(text, MIN_DIGITS)) return text;
  const plain = text.replace(OTHER_DIGIT, plainDigit);
  const masked = plain.replace(ID_OR_DIGITS, (found: string, digits: string | undefined, offset: number) => {
    const isLabelled = LABEL.test(plain.slice(Math.max(0, offset - LABEL_LENGTH), offset));
    return digits === undefined ? found : maskWithin(digits, isLabelled);
  });
  return masked === plain ? text : masked;
}

/** Most texts have few digits, and counting them costs a fraction of the search. */
function mayHaveDigits(text: string, count: number): boolean {
  let found = 0;
  for (let index = 0; index < text.length && found < count; index += 1) {
    const code = text.charCodeAt(index);
    if ((code >= DIGIT_0 && code <= DIGIT_9) || code >= FIRST_OTHER_DIGIT) found += 1;
  }
  return found === count;
}

/** Unicode keeps the ten digits of a script side by side, from 0 to 9. */
function plainDigit(digit: string): string {
  const code = digit.codePointAt(0) ?? 0;
  let first = code;
  while (ANY_DIGIT.test(String.fromCodePoint(first - 1))) first -= 1;
  return String((code - first) % 10);
}

/** Whether a text contains a card number, in any notation that {@link maskCardNumbers} masks. */
export function hasCardNumber(text: string): boolean {
  return maskCardNumbers(text) !== text;
}

/** A card number is made of whole groups of digits: `1234 5678 9012 2526` within `2 1234 5678 9012 2526`. */
function maskWithin(digits: string, isLabelled: boolean): string {
  const tokens: string[] = digits.match(DIGITS_OR_SEPARATOR) ?? [];
  for (let first = 0; first < tokens.length; first += 1) {
    const last = isDigits(tokens[first]) ? endOfCard(tokens, first, isLabelled && first === 0) : undefined;
    if (last === undefined) continue;
    maskGroups(tokens, first, last);
    first = last;
  }
  return tokens.join('');
}

/** The last token of the longest card number that begins at a token, if one begins there. */
function endOfCard(tokens: readonly string[], first: number, isLabelled: boolean): number | undefined {
  const groups: string[] = [];
  let count = 0;
  let end: number | undefined;
  for (const [offset, token] of tokens.slice(first, first + 2 * MAX_DIGITS).entries()) {
    if (!isDigits(token)) continue;
    groups.push(token);
    count += token.length;
    if (count > MAX_DIGITS) break;
    // A single group after a point is the fraction of a number.
    if (groups.length === 1 && first >= 2 && tokens[first - 1] === '.') continue;
    if (count >= MIN_DIGITS && isCard(groups, isLabelled)) end = first + offset;
  }
  return end;
}

function isCard(groups: readonly string[], isLabelled: boolean): boolean {
  const digits = groups.join('');
  return isLabelled || GROUPS.test(groups.join(' ')) || (ISSUER.test(digits) && hasCheckDigit(digits));
}

/** The Luhn formula: from the right, every second digit counts twice. */
function hasCheckDigit(digits: string): boolean {
  let sum = 0;
  for (let place = 0; place < digits.length; place += 1) {
    const digit = Number(digits.at(-1 - place));
    const weighted = place % 2 === 0 ? digit : digit * 2;
    sum += weighted > 9 ? weighted - 9 : weighted;
  }
  return sum % 10 === 0;
}

function maskGroups(tokens: string[], first: number, last: number): void {
  let visible = VISIBLE_DIGITS;
  for (let index = last; index >= first; index -= 1) {
    const token = tokens[index] ?? '';
    if (!isDigits(token)) continue;
    const shown = Math.min(visible, token.length);
    tokens[index] = '*'.repeat(token.length - shown) + token.slice(token.length - shown);
    visible -= shown;
  }
}

function isDigits(token: string | undefined): boolean {
  return token !== undefined && /^\d/.test(token);
}

const LABELLED_CARD_NUMBER = /VISA(?:[^0-9a-z]{0,3}\d){16}/i;

/**
 * Whether a text contains an unmasked card number after the word VISA. It shares nothing with {@link maskCardNumbers},
 * so that an audit finds what the masking missed.
 */
export function containsCardNumber(text: string): boolean {
  return LABELLED_CARD_NUMBER.test(text);
}
