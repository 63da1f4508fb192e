import { colors } from '../logging/colors.ts';
import { cutToWidth } from './text-width.ts';

export interface Column {
  readonly title: string;
  /** Default: left. */
  readonly align?: 'right';
}

/**
 * The lines of a table whose columns are as wide as their longest cell.
 * @param maxWidth longer lines are cut off, for a terminal; default none
 */
export function textTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  maxWidth = Number.POSITIVE_INFINITY,
): readonly string[] {
  const widths = columns.map(({ title }, index) =>
    Math.max(title.length, ...rows.map((cells) => cells[index]?.length ?? 0)),
  );
  const lineOf = (cells: readonly string[]) =>
    cutToWidth(
      columns
        .map(({ align }, index) => {
          const cell = cells[index] ?? '';
          const width = widths[index] ?? 0;
          return align === 'right' ? cell.padStart(width) : cell.padEnd(width);
        })
        .join('  ')
        .trimEnd(),
      maxWidth,
    );
  return [colors.dim(lineOf(columns.map(({ title }) => title))), ...rows.map(lineOf)];
}
