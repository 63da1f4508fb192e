import { jsonrepair } from 'jsonrepair';
import { isSafeNumber, parse as parseStrictly } from 'lossless-json';

/** What a text that should be JSON turns out to contain. */
export type Found =
  | Value
  /** The text ends inside a value: the rest of a string, of a number or of a list is missing. */
  | { readonly kind: 'cut off' }
  | { readonly kind: 'unreadable' };

interface Value {
  readonly kind: 'value';
  readonly value: unknown;
  /** The text ends without the last brace: properties may be missing, but those that are there are complete. */
  readonly lacksItsEnd: boolean;
}

/** A Markdown fence. Split by it, every second part of a text is inside one. */
const FENCE = /```[\w-]*\r?\n(.*?)```/s;

/**
 * Finds the JSON in a text: the text itself or what is in braces or brackets, in Markdown fences and between them.
 * Malformed JSON is repaired where that takes nothing but quotes, commas, colons, braces and brackets. What ends inside a
 * value is not repaired, because 10 may be the beginning of 1000.
 * @returns what was found, in order, up to the first part that cannot be read
 */
export function jsonIn(text: string): readonly Found[] {
  const found: Found[] = [];
  const parts = text.split(FENCE);
  for (const [index, part] of parts.entries()) {
    const isProse = parts.length > 1 && index % 2 === 0;
    const whole = isProse ? undefined : tryToParse(part);
    for (const each of whole === undefined ? bracketed(part) : [whole]) {
      const last = 'end' in each ? read(each) : each;
      found.push(last);
      if (last.kind !== 'value') return found;
    }
  }
  return found;
}

/** The part of a text from an opening bracket to the one that closes it, or to the end of the text. */
interface Bracketed {
  readonly text: string;
  readonly end: 'closed' | 'after a property' | 'inside a value';
}

function read({ text, end }: Bracketed): Found {
  if (end === 'inside a value') return { kind: 'cut off' };
  const found = tryToParse(text) ?? tryToRepair(text);
  if (found === undefined) return { kind: end === 'closed' ? 'unreadable' : 'cut off' };
  return { ...found, lacksItsEnd: end !== 'closed' };
}

function tryToRepair(text: string): Value | undefined {
  try {
    const repaired = jsonrepair(text);
    return contentOf(repaired) === contentOf(text) ? tryToParse(repaired) : undefined;
  } catch {
    return undefined;
  }
}

/** What a repair must leave as it is. */
function contentOf(text: string): string {
  return text.replace(/[\s"'\u2018\u2019\u201c\u201d`\u00b4{}[\],:\\]/g, '').toLowerCase();
}

/** A name that occurs twice with different values and a number that a double cannot hold would be guesses too. */
function tryToParse(text: string): Value | undefined {
  const parseNumber = (digits: string) => {
    if (!isSafeNumber(digits)) throw new RangeError('the number would be changed');
    return Number(digits);
  };
  try {
    return { kind: 'value', value: parseStrictly(text, undefined, { parseNumber }), lacksItsEnd: false };
  } catch {
    // Errors of parsers quote the text, which may contain a card number.
    return undefined;
  }
}

const CLOSING: Readonly<Record<string, string>> = { '{': '}', '[': ']' };
/** The characters that end a string, by the one that begins it; those that `jsonrepair` knows. */
const QUOTES: Readonly<Record<string, string>> = {
  '"': '"',
  "'": "'",
  '\u201c': '"\u201c\u201d',
  '\u201d': '"\u201c\u201d',
  '\u2018': "'\u2018\u2019`\u00b4",
  '\u2019': "'\u2018\u2019`\u00b4",
  '`': "'\u2018\u2019`\u00b4",
  '\u00b4': "'\u2018\u2019`\u00b4",
};

function bracketed(text: string): readonly Bracketed[] {
  const found: Bracketed[] = [];
  let begin = 0;
  /** The brackets that close those which are open, outermost first. */
  const open: string[] = [];
  /** The characters that end the string in which this character is. */
  let quote: string | undefined;
  /** The last character that is not white space; undefined inside a string. */
  let last: string | undefined;
  for (let index = 0; index < text.length; index += 1) {
    const char = text.charAt(index);
    if (quote !== undefined) {
      if (char === '\\') index += 1;
      else if (quote.includes(char)) [quote, last] = [undefined, char];
    } else if (char in CLOSING) {
      if (open.length === 0) begin = index;
      open.push(CLOSING[char] ?? '');
      last = char;
    } else if (open.length === 0 || /\s/.test(char)) {
      // Prose, or white space.
    } else if (char === open.at(-1)) {
      open.pop();
      last = char;
      if (open.length === 0) found.push({ text: text.slice(begin, index + 1), end: 'closed' });
    } else if (char in QUOTES) {
      [quote, last] = [QUOTES[char], undefined];
    } else {
      last = char;
    }
  }
  if (open.length === 0) return found;
  const isAfterProperty = open.join('') === '}' && last !== undefined && (last in QUOTES || '}],'.includes(last));
  return [...found, { text: text.slice(begin), end: isAfterProperty ? 'after a property' : 'inside a value' }];
}
