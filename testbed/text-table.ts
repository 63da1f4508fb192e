import { colors } from '../src/platform/logging/colors.ts';

export interface Column {
  readonly title: string;
  /** Default: left. */
  readonly align?: 'right';
}

/** The lines of a table whose columns are as wide as their longest cell. */
export function textTable(columns: readonly Column[], rows: readonly (readonly string[])[]): readonly string[] {
  const widths = columns.map(({ title }, index) =>
    Math.max(title.length, ...rows.map((cells) => cells[index]?.length ?? 0)),
  );
  const lineOf = (cells: readonly string[]) =>
    columns
      .map(({ align }, index) => {
        const cell = cells[index] ?? '';
        const width = widths[index] ?? 0;
        return align === 'right' ? cell.padStart(width) : cell.padEnd(width);
      })
      .join('  ')
      .trimEnd();
  return [colors.dim(lineOf(columns.map(({ title }) => title))), ...rows.map(lineOf)];
}

/** A share from 0 to 1 as text: `70.03 %`. */
export function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`;
}

/** A whole number with separated thousands: `10,000`. */
export function count(value: number): string {
  return value.toLocaleString('en-US');
}
