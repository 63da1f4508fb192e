import { stripVTControlCharacters } from 'node:util';
import { colors } from '../../src/platform/logging/colors.ts';

/** What one process has counted. */
export interface Life {
  readonly numbers: number[];
  end: 'running' | 'killed' | 'ended' | 'failed';
}

/** Two columns fit into 80. */
const COLUMN_WIDTH = 40;
const MARGIN = '  ';

export function titleRow(): string {
  return sideBySide(colors.bold('A plain script'), colors.bold('A workflow'));
}

/** The loops of both, line by line. */
export function codeRows(script: readonly string[], workflow: readonly string[]): readonly string[] {
  return script.map((line, index) => sideBySide(colors.dim(line), colors.dim(workflow[index] ?? '')));
}

/** What the latest process of each has counted; a number that an earlier one had counted already is in red. */
export function countRow(script: readonly Life[], workflow: readonly Life[]): string {
  return sideBySide(cellOf(script), cellOf(workflow));
}

function cellOf(lives: readonly Life[]): string {
  const life = lives.at(-1);
  if (life === undefined) return '';
  const before = new Set(lives.slice(0, -1).flatMap(({ numbers }) => numbers));
  const numbers = life.numbers.map((n) => (before.has(n) ? colors.red(String(n)) : colors.green(String(n))));
  const marks = {
    running: [],
    killed: [colors.red('✗ killed')],
    ended: [colors.green('✓')],
    failed: [colors.red('✗ failed')],
  }[life.end];
  return [...numbers, ...marks].join(' ');
}

function sideBySide(left: string, right: string): string {
  const padding = ' '.repeat(Math.max(1, COLUMN_WIDTH - MARGIN.length - stripVTControlCharacters(left).length));
  return `${MARGIN}${left}${padding}${right}`.trimEnd();
}

/**
 * Whether somebody who was killed has gone on each time where they were. The number that was said at the moment of a kill
 * is said again if Temporal has not learnt of it: then it is said twice, but nothing before it is.
 */
export function hasGoneOn(lives: readonly Pick<Life, 'numbers'>[], last: number): boolean {
  const said = lives.flatMap(({ numbers }) => numbers);
  const repeated = said.length - new Set(said).size;
  const isInOrder = said.every((n, index) => [0, 1].includes(n - (said[index - 1] ?? 0)));
  return isInOrder && said[0] === 1 && said.at(-1) === last && repeated < lives.length;
}
