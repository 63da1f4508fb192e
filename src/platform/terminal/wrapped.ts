import { Help } from 'commander';
import { columnsOf, type Terminal } from './columns-of.ts';
import { widthOf } from './text-width.ts';

/** A text that has fewer columns than this is not wrapped. */
export const MIN_COLUMNS_TO_WRAP = 12;

/** Wraps by the rules of help texts. */
const help = Object.assign(new Help(), { minWidthToWrap: MIN_COLUMNS_TO_WRAP, displayWidth: widthOf });

/** A text that is wrapped at words. A word that is longer than a line is not broken. */
export function wrapped(text: string, columns: number): string {
  return help.boxWrap(text, columns);
}

/** The same, with all lines but the first indented by so many columns. */
export function wrappedBelow(text: string, columns: number, indent: number): string {
  const [first = ''] = wrapped(text, columns).split('\n');
  const rest = text.slice(first.length).trimStart();
  return rest === '' ? first : `${first}\n${wrapped(rest, columns - indent).replaceAll(/^/gm, ' '.repeat(indent))}`;
}

/**
 * A text for people as a stream shows it: on a terminal wrapped at words, elsewhere as it is.
 * @param indent of all lines but the first, in columns; default 0
 */
export function fitted(text: string, stream: Terminal, indent = 0): string {
  return stream.isTTY ? wrappedBelow(text, columnsOf(stream), indent) : text;
}
