import { colors } from '../platform/logging/colors.ts';
import { wrapped } from '../platform/terminal/wrapped.ts';
import type { Row } from './kind.ts';

const LABEL_WIDTH = 13;

/** What the reader of a status looks for first. */
const IMPORTANT = 'waiting for';

/**
 * The lines of a status. Rows without a value are left out.
 * @param columns the width of a terminal, at which long values are wrapped at words; undefined for a pipe, whose lines
 *   stay whole
 */
export function rowLines(rows: readonly Row[], columns: number | undefined): readonly string[] {
  return rows.flatMap(([label, value]) => {
    if (value === undefined) return [];
    const lines = columns === undefined ? [value] : wrapped(value, columns - LABEL_WIDTH - 1).split('\n');
    return lines.map((line, index) => `${labelText(index === 0 ? label : '')} ${line}`);
  });
}

function labelText(label: string): string {
  const padded = label.padEnd(LABEL_WIDTH);
  return label === IMPORTANT ? colors.yellow(padded) : colors.dim(padded);
}
