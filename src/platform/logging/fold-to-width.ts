import { cutToWidth, widthOf } from '../terminal/text-width.ts';
import { wrapped } from '../terminal/wrapped.ts';

/** More than a column takes, so that the time for a very long text is limited. */
const UNITS_PER_COLUMN = 8;

interface Folding {
  readonly columns: number;
  readonly maxLines: number;
  /** Stands between two parts on the same line. */
  readonly separator: string;
}

/** The parts of a line on several lines that fit: broken between two parts if possible, otherwise at words. */
export function foldToWidth(parts: readonly string[], { columns, maxLines, separator }: Folding): readonly string[] {
  const lines: string[] = [];
  for (const part of parts) {
    // Without line feeds and other controls.
    const text = cutToWidth(part.slice(0, columns * maxLines * UNITS_PER_COLUMN), Number.POSITIVE_INFINITY);
    const joined = lines.length === 0 ? text : `${lines.at(-1)}${separator}${text}`;
    if (widthOf(joined) <= columns) lines.splice(-1, 1, joined);
    else lines.push(...wrapped(text, columns).split('\n'));
  }
  const shown = lines.slice(0, maxLines).map((line) => cutToWidth(line, columns));
  return lines.length <= maxLines ? shown : [...shown.slice(0, -1), cutToWidth(`${shown.at(-1)} …`, columns)];
}
