import { counted } from '../../src/contracts/counted.ts';
import { colors } from '../../src/platform/logging/colors.ts';
import { type Column, textTable } from '../../src/platform/terminal/text-table.ts';
import type { Comparison } from './compare.ts';
import { barParts, ORDER_GROUPS, type OrderGroup } from './order-groups.ts';
import type { ComparedStrategy } from './play-strategy.ts';
import { END_WITHIN_MS } from './strategy-run.ts';

const BAR_WIDTH = 50;

/** Distinguishable without colour, too. */
const INK: Readonly<Record<OrderGroup, { readonly glyph: string; readonly paint: (text: string) => string }>> = {
  exactlyOne: { glyph: '█', paint: colors.green },
  duplicates: { glyph: '▒', paint: colors.red },
  lost: { glyph: '·', paint: colors.yellow },
};

const COLUMNS: readonly Column[] = [
  { title: 'strategy' },
  ...['orders', 'exactly one', 'duplicates', 'lost', 'failed', 'creates/order', 'p50', 'p95'].map((title) => ({
    title,
    align: 'right' as const,
  })),
];

const COLUMN_NOTES = [
  "exactly one, duplicates, lost: orders with one, several or no live tickets, counted in the ticket system's files",
  'failed: orders that the strategy reported as failed; in brackets, how many of them have a ticket anyway',
  'creates/order: create requests that the ticket system received, per order',
  'p50, p95: from the submission of an order to its end',
];

const SAME_FOR_ALL =
  'The same for all: orders, faults, timeouts, activities. The worker, or the script, is killed once with creates in flight.';

/** The comparison for people: a table, a bar chart, the strategies' assumptions, and the claims that did not hold. */
export function comparisonReport(comparison: Comparison): readonly string[] {
  const { strategies } = comparison;
  const width = Math.max(...strategies.map(({ name }) => name.length));
  return [
    '',
    ...textTable(COLUMNS, strategies.map(cellsOf)),
    '',
    ...strategies.map((strategy) => `${strategy.name.padEnd(width)}  ${barOf(strategy)}`),
    `${' '.repeat(width)}  ${ORDER_GROUPS.map(({ group, name }) => `${INK[group].paint(INK[group].glyph)} ${name}`).join('   ')}`,
    '',
    ...COLUMN_NOTES.map((line) => colors.dim(line)),
    '',
    'Assumptions',
    ...strategies.map(({ name, assumes }) => `  ${name.padEnd(width)}  ${assumes}`),
    '',
    ...brokenClaims(strategies).map((claim) => colors.red(claim)),
    ...strategies.filter(({ unended }) => unended > 0).map(unfinishedLine),
    SAME_FOR_ALL,
  ];
}

/** What disproves the strategies that claim exactly one ticket for each order, one sentence each. */
export function brokenClaims(strategies: readonly ComparedStrategy[]): readonly string[] {
  return strategies
    .filter(({ claimsExactlyOne }) => claimsExactlyOne)
    .flatMap(({ name, orders, unended, exactlyOne, failed, problems }) => [
      // Nothing is claimed of an order that was stopped before its end.
      ...(exactlyOne + unended >= orders
        ? []
        : [`${name}: ${orders - exactlyOne} of ${orders} orders do not have exactly one ticket`]),
      ...(failed === 0 ? [] : [`${name}: it reported ${failed} orders as failed`]),
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
  return parts.map(({ group, length }) => INK[group].paint(INK[group].glyph.repeat(length))).join('');
}

function unfinishedLine({ name, unended }: ComparedStrategy): string {
  return colors.yellow(
    `${name}: ${counted(unended, 'order')} had not ended after ${END_WITHIN_MS / 1_000} s and ${unended === 1 ? 'was' : 'were'} stopped`,
  );
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
