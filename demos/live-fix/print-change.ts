import { colors } from '../../src/platform/logging/colors.ts';
import { maxColumns } from '../../src/platform/terminal/columns-of.ts';
import { cutToWidth } from '../../src/platform/terminal/text-width.ts';
import { wrappedBelow } from '../../src/platform/terminal/wrapped.ts';
import type { Change } from './source-break.ts';

const CONTEXT_LINES = 2;

/** A change as a diff for people: what was there in red, what is there now in green, and the lines around it. */
export function changeLines(
  { line, before, after }: Pick<Change, 'line' | 'before' | 'after'>,
  columns = maxColumns(process.stdout),
) {
  const { from, removed, added } = difference(before, after);
  const last = from + Math.max(removed.length, added.length);
  const width = String(last + CONTEXT_LINES).length;
  const numbered = (sign: string, index: number, text: string) =>
    `${sign} ${String(index + 1).padStart(width)}  ${text}`;
  // What has changed is never cut off.
  const whole = (text: string) => wrappedBelow(text, columns, width + 8);
  const context = (first: number, lines: readonly string[]) =>
    lines.map((text, at) => colors.dim(cutToWidth(numbered(' ', first + at, text), columns)));
  const start = Math.max(0, from - CONTEXT_LINES);
  return removed.length + added.length === 0
    ? [numbered(' ', line - 1, before[line - 1] ?? '')]
    : [
        ...context(start, before.slice(start, from)),
        ...removed.map((text, at) => colors.red(whole(numbered('-', from + at, text)))),
        ...added.map((text, at) => colors.green(whole(numbered('+', from + at, text)))),
        ...context(from + added.length, after.slice(from + added.length, from + added.length + CONTEXT_LINES)),
      ];
}

/** The one stretch of lines that differs. */
function difference(before: readonly string[], after: readonly string[]) {
  let from = 0;
  while (from < before.length && from < after.length && before[from] === after[from]) from += 1;
  let same = 0;
  const most = Math.min(before.length, after.length) - from;
  while (same < most && before.at(-1 - same) === after.at(-1 - same)) same += 1;
  return { from, removed: before.slice(from, before.length - same), added: after.slice(from, after.length - same) };
}
