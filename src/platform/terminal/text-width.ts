import stringWidth from 'string-width';

/** A sequence that sets a colour or another style. */
const STYLE = `${'\u001B'}\\[[\\d;]*m`;
/** Any other sequence, such as one that moves the cursor. https://www.ecma-international.org/publications-and-standards/standards/ecma-48/ */
const SEQUENCE = `${'\u001B'}\\[[0-?]*[ -/]*[@-~]`;
const SEQUENCE_OR_CONTROLS = new RegExp(`(${STYLE})|(${SEQUENCE})|(?:(?!${SEQUENCE})\\p{Cc})+`, 'gu');
const STYLES = new RegExp(`(${STYLE})`);

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** The cells that a text fills on a terminal: a wide character fills two, a colour none. */
export function widthOf(text: string): number {
  return stringWidth(text);
}

/**
 * A text as one row of a terminal. What is too long is cut off, and nothing in it moves the cursor: line feeds become
 * spaces, and sequences that do anything else than setting a style are left out. Colours stay.
 */
export function cutToWidth(text: string, columns: number): string {
  const line = text.replaceAll(
    SEQUENCE_OR_CONTROLS,
    (_, style?: string, sequence?: string) => style ?? (sequence === undefined ? ' ' : ''),
  );
  return stringWidth(line) <= columns ? line : beginningOf(line, columns);
}

/** With all styles, also those after the cut, because they end the ones before it. */
function beginningOf(line: string, columns: number): string {
  let room = columns - 1;
  const cut = (part: string): string => {
    if (room < 0) return '';
    let kept = '';
    for (const { segment } of graphemes.segment(part)) {
      const width = stringWidth(segment);
      if (width > room) {
        room = -1;
        return `${kept}…`;
      }
      room -= width;
      kept += segment;
    }
    return kept;
  };
  return line
    .split(STYLES)
    .map((part, index) => (index % 2 === 1 ? part : cut(part)))
    .join('');
}
