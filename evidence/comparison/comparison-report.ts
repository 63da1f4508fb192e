import { counted } from '../../src/contracts/counted.ts';
import { colors } from '../../src/platform/logging/colors.ts';
import { type Column, textTable } from '../../src/platform/terminal/text-table.ts';
import { wrappedBelow } from '../../src/platform/terminal/wrapped.ts';
import type { Comparison } from './compare.ts';
import { barParts, ORDER_GROUPS, type OrderGroup } from './order-groups.ts';
import type { ComparedStrategy } from './play-strategy.ts';
import { END_WITHIN_MS } from './strategy-run.ts';

/** Of the whole report, so that it fits every terminal. */
const WIDTH = 80;
const BAR_WIDTH = 42;

/** Distinguishable without colour, too. */
const INK: Readonly<Record<OrderGroup, { readonly glyph: string; readonly paint: (text: string) => string }>> = {
  exactlyOne: { glyph: '█', paint: colors.green },
  duplicates: { glyph: '▒', paint: colors.red },
  lost: { glyph: '·', paint: colors.yellow },
};

/** Short names, for a narrow table. */
const TITLES: Readonly<Record<OrderGroup, string>> = { exactlyOne: 'one', duplicates: 'duplicates', lost: 'none' };

const COLUMNS: readonly Column[] = [
  { title: 'strategy' },
  ...[...ORDER_GROUPS.map(({ group }) => TITLES[group]), 'wrong verdict', 'p50', 'p95'].map((title) => ({
    title,
    align: 'right' as const,
  })),
];

const COLUMN_NOTES = [
  "one, duplicates, none: orders with exactly one, several or no live tickets, counted in the ticket system's files",
  'wrong verdict: orders that the strategy reported as failed, although they have a ticket',
  'p50, p95: from the submission of an order to its end',
  'creates: create requests that the ticket system received, per order',
];

const SAME_FOR_ALL = 'faults, timeouts. The worker, or the script, is killed once with creates in flight.';

/** The comparison for people: a table, a bar chart, the strategies' assumptions, and the claims that did not hold. */
export function comparisonReport({ orders, strategies }: Comparison): readonly string[] {
  const width = Math.max(...strategies.map(({ name }) => name.length));
  return [
    '',
    ...textTable(COLUMNS, strategies.map(cellsOf)),
    '',
    `${' '.repeat(width)}  ${legend()}`,
    ...strategies.map((strategy) => `${strategy.name.padEnd(width)}  ${barOf(strategy)}  ${createsOf(strategy)}`),
    '',
    ...COLUMN_NOTES.map((note) => colors.dim(wrappedBelow(note, WIDTH, 2))),
    '',
    'Assumptions',
    ...strategies.map(({ name, assumes }) => wrappedBelow(`  ${name.padEnd(width)}  ${assumes}`, WIDTH, width + 4)),
    '',
    ...brokenClaims(strategies).map((claim) => colors.red(claim)),
    ...strategies.filter(({ unended }) => unended > 0).map(unfinishedLine),
    wrappedBelow(`The same for all: ${counted(orders, 'order')}, ${SAME_FOR_ALL}`, WIDTH, 2),
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
  const { name, failedWithTicket, p50Ms, p95Ms } = strategy;
  const groups = ORDER_GROUPS.map(({ group }) => strategy[group]);
  return [name, ...[...groups, failedWithTicket].map(String), seconds(p50Ms), seconds(p95Ms)];
}

/** What the bars mean, above them. */
function legend(): string {
  const parts = ORDER_GROUPS.map(({ group }) => ({ ...INK[group], title: TITLES[group] }));
  const width = parts.map(({ glyph, title }) => `${glyph} ${title}`).join('   ').length;
  const text = parts.map(({ glyph, paint, title }) => `${paint(glyph)} ${title}`).join('   ');
  return `${text}${' '.repeat(BAR_WIDTH - width)}  creates`;
}

function barOf(strategy: ComparedStrategy): string {
  const parts = barParts(strategy, BAR_WIDTH);
  return parts.map(({ group, length }) => INK[group].paint(INK[group].glyph.repeat(length))).join('');
}

function createsOf({ sends, orders }: ComparedStrategy): string {
  return (sends / orders).toFixed(2).padStart('creates'.length);
}

function unfinishedLine({ name, unended }: ComparedStrategy): string {
  return colors.yellow(
    `${name}: ${counted(unended, 'order')} had not ended after ${END_WITHIN_MS / 1_000} s and ${unended === 1 ? 'was' : 'were'} stopped`,
  );
}

/** From ten seconds on the tenths say nothing. */
function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(ms < 9_950 ? 1 : 0)} s`;
}
