import { colors } from '../logging/colors.ts';
import { cutToWidth, widthOf } from './text-width.ts';

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
    Math.max(widthOf(title), ...rows.map((cells) => widthOf(cells[index] ?? ''))),
  );
  const lineOf = (cells: readonly string[]) =>
    cutToWidth(
      columns
        .map(({ align }, index) => {
          const cell = cells[index] ?? '';
          const padding = ' '.repeat((widths[index] ?? 0) - widthOf(cell));
          return align === 'right' ? padding + cell : cell + padding;
        })
        .join('  ')
        .trimEnd(),
      maxWidth,
    );
  return [colors.dim(lineOf(columns.map(({ title }) => title))), ...rows.map(lineOf)];
}
