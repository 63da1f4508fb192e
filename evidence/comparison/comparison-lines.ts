import { colors } from '../../src/platform/logging/colors.ts';
import { type Column, textTable } from '../../testbed/text-table.ts';
import { barParts, FATES, type Fate } from './bar-parts.ts';
import type { Comparison } from './compare.ts';
import type { ComparedStrategy } from './play-strategy.ts';
import { END_WITHIN_MS } from './strategy-run.ts';

const BAR_WIDTH = 50;

/** Told apart without colour as well. */
const INK: Readonly<Record<Fate, { readonly glyph: string; readonly paint: (text: string) => string }>> = {
  exactlyOne: { glyph: '█', paint: colors.green },
  duplicates: { glyph: '▒', paint: colors.red },
  lost: { glyph: '·', paint: colors.yellow },
};

const COLUMNS: readonly Column[] = [
  { title: 'strategy' },
  ...['orders', 'exactly one', 'duplicates', 'lost', 'failed', 'sends/order', 'p50', 'p95'].map((title) => ({
    title,
    align: 'right' as const,
  })),
];

const WORDS = [
  'exactly one, duplicates, lost: orders with one, more, no ticket in circulation, counted in the files of the ticket system',
  'failed: the strategy said so; in brackets, how many of these orders have a ticket all the same',
  'p50, p95: from the submission of an order to its end',
];

/** What is the same for each strategy. */
const ALIKE =
  'Alike for all: orders, faults, time-outs, activities; the worker, or the script, killed once with creates in flight.';

/** The comparison for people: its table, bars, what the words mean and what is assumed, and the verdict. */
export function comparisonLines(comparison: Comparison): readonly string[] {
  const { strategies } = comparison;
  const width = Math.max(...strategies.map(({ name }) => name.length));
  return [
    '',
    ...textTable(COLUMNS, strategies.map(cellsOf)),
    '',
    ...strategies.map((strategy) => `${strategy.name.padEnd(width)}  ${barOf(strategy)}`),
    `${' '.repeat(width)}  ${FATES.map(({ fate, name }) => `${INK[fate].paint(INK[fate].glyph)} ${name}`).join('   ')}`,
    '',
    ...WORDS.map((line) => colors.dim(line)),
    '',
    'Assumed by',
    ...strategies.map(({ name, assumes }) => `  ${name.padEnd(width)}  ${assumes}`),
    '',
    ...brokenClaims(strategies).map((claim) => colors.red(claim)),
    ...strategies.filter(({ unended }) => unended > 0).map(unendedLine),
    ALIKE,
  ];
}

/** What speaks against the strategies that claim exactly one ticket for each order, a sentence each. */
export function brokenClaims(strategies: readonly ComparedStrategy[]): readonly string[] {
  return strategies
    .filter(({ claimsExactlyOne }) => claimsExactlyOne)
    .flatMap(({ name, orders, unended, exactlyOne, failed, problems }) => [
      // Of an order that was stopped on its way nothing is claimed.
      ...(exactlyOne + unended >= orders
        ? []
        : [`${name}: ${orders - exactlyOne} of ${orders} orders lack their one ticket`]),
      ...(failed === 0 ? [] : [`${name}: it said of ${failed} orders that they failed`]),
      ...problems.map((problem) => `${name}: ${problem}`),
    ]);
}

function cellsOf(strategy: ComparedStrategy): readonly string[] {
  const { name, orders, exactlyOne, duplicates, lost, failed, failedWithTicket, sends, p50Ms, p95Ms } = strategy;
  return [
    name,
    ...[orders, exactlyOne, duplicates, lost].map(String),
    failedWithTicket === 0 ? String(failed) : `${failed} (${failedWithTicket})`,
    (sends / orders).toFixed(2),
    seconds(p50Ms),
    seconds(p95Ms),
  ];
}

function barOf(strategy: ComparedStrategy): string {
  const parts = barParts(strategy, BAR_WIDTH);
  return parts.map(({ fate, length }) => INK[fate].paint(INK[fate].glyph.repeat(length))).join('');
}

function unendedLine({ name, unended }: ComparedStrategy): string {
  return colors.yellow(`${name}: ${unended} orders had not ended after ${END_WITHIN_MS / 1_000} s; they were stopped`);
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
