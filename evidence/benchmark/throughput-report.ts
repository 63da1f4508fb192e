import { colors } from '../../src/platform/logging/colors.ts';
import { type Column, textTable } from '../../src/platform/terminal/text-table.ts';
import { wrappedBelow } from '../../src/platform/terminal/wrapped.ts';
import { percentile } from '../../testbed/percentile.ts';
import type { Measurement } from './throughput.ts';

/** Of the whole report, so that it fits every terminal. */
const WIDTH = 80;
/** Other programs that use more of the machine than this disturb a measurement. */
const DISTURBED_SHARE = 0.1;

/** What is measured of a contender, and which way is better. */
type Quantity = 'perSecond' | 'p50Ms' | 'p95Ms' | 'serverMs' | 'workerMs' | 'servicesMs' | 'events' | 'actions';

const TITLES: Readonly<Record<Quantity, string>> = {
  perSecond: '/s',
  p50Ms: 'p50',
  p95Ms: 'p95',
  serverMs: 'server',
  workerMs: 'worker',
  servicesMs: 'services',
  events: 'events',
  actions: 'actions',
};
const QUANTITIES = Object.keys(TITLES) as readonly Quantity[];

const NOTES = [
  'at: workflows that are open at once; /s: completed per second',
  'p50, p95: milliseconds from the start of a workflow to its result',
  'server, worker, services: milliseconds of processor time per workflow',
  'events, actions: of the history of a workflow; actions as Temporal Cloud counts them',
];

/** The median of all rounds. */
export type Summary = Readonly<Record<Quantity, number | undefined>> & {
  readonly contender: string;
  readonly at: number;
};

/** One contender divided by another, in the same round: the median of all rounds, the smallest and the largest. */
export interface Ratio {
  readonly contender: string;
  readonly to: string;
  readonly at: number;
  readonly quantity: Quantity;
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** The medians of measurements, in the order in which contenders and concurrencies appear. */
export function summaries(measurements: readonly Measurement[]): readonly Summary[] {
  return groupsOf(measurements).map((group) => {
    const [{ contender, at }] = group;
    const medians = Object.fromEntries(
      QUANTITIES.map((quantity) => [quantity, median(group.map((each) => each[quantity]))]),
    );
    return { contender, at, ...medians } as Summary;
  });
}

/** Each contender divided by another one, in the same round. */
export function ratios(measurements: readonly Measurement[], to: string | undefined): readonly Ratio[] {
  const theirs = measurements.filter(({ contender }) => contender === to);
  const ours = measurements.filter(({ contender }) => contender !== to);
  if (to === undefined) return [];
  return groupsOf(ours).flatMap((group) =>
    QUANTITIES.flatMap((quantity): Ratio[] => {
      const [{ contender, at }] = group;
      const values = group.flatMap((mine) => {
        const other = theirs.find((each) => each.at === at && each.round === mine.round)?.[quantity];
        const own = mine[quantity];
        return own === undefined || !other ? [] : [own / other];
      });
      const middle = median(values);
      if (middle === undefined) return [];
      return [{ contender, to, at, quantity, median: middle, min: Math.min(...values), max: Math.max(...values) }];
    }),
  );
}

/** What makes the numbers unreliable, one sentence each. */
export function doubts(measurements: readonly Measurement[]): readonly string[] {
  return measurements.flatMap(({ contender, round, at, runs, failed, error, othersShare = 0 }) => {
    const where = `${contender} at ${at}, round ${round}`;
    return [
      ...(failed === 0 ? [] : [`${where}: ${failed} of ${runs} failed: ${error}`]),
      ...(othersShare <= DISTURBED_SHARE
        ? []
        : [`${where}: other programs used ${Math.round(othersShare * 100)} % of this machine`]),
    ];
  });
}

/** The report for people: a table of medians, the ratios with their spread, and what makes them unreliable. */
export function throughputReport(measurements: readonly Measurement[], to: string | undefined): readonly string[] {
  const right = (title: string): Column => ({ title, align: 'right' });
  const columns = [{ title: 'workflows' }, right('at'), ...QUANTITIES.map((quantity) => right(TITLES[quantity]))];
  const rows = summaries(measurements).map((summary) => [
    summary.contender,
    String(summary.at),
    ...QUANTITIES.map((quantity) => number(summary[quantity])),
  ]);
  return [
    '',
    ...textTable(columns, rows, WIDTH),
    ...ratioLines(ratios(measurements, to)),
    '',
    ...NOTES.map((note) => colors.dim(wrappedBelow(note, WIDTH, 2))),
    ...doubts(measurements).map((doubt) => colors.yellow(wrappedBelow(doubt, WIDTH, 2))),
  ];
}

const SHOWN_RATIOS: readonly Quantity[] = ['perSecond', 'p50Ms', 'serverMs', 'workerMs'];

/** A table for each contender: a row for each quantity, a column for each concurrency. */
function ratioLines(all: readonly Ratio[]): readonly string[] {
  return [...new Set(all.map(({ contender }) => contender))].flatMap((contender) => {
    const own = all.filter((ratio) => ratio.contender === contender);
    const at = [...new Set(own.map((ratio) => ratio.at))];
    const columns: readonly Column[] = [
      { title: `${contender} : ${own[0]?.to}` },
      ...at.map((concurrency) => ({ title: `at ${concurrency}`, align: 'right' as const })),
    ];
    const rows = SHOWN_RATIOS.map((quantity) => [
      TITLES[quantity],
      ...at.map((concurrency) => ratioText(own.find((each) => each.at === concurrency && each.quantity === quantity))),
    ]);
    return ['', ...textTable(columns, rows, WIDTH)];
  });
}

function ratioText(ratio: Ratio | undefined): string {
  if (ratio === undefined) return '-';
  return `${factor(ratio.median)} (${factor(ratio.min)}-${factor(ratio.max)})`;
}

function groupsOf(measurements: readonly Measurement[]): readonly (readonly [Measurement, ...Measurement[]])[] {
  const groups = new Map<string, [Measurement, ...Measurement[]]>();
  for (const measurement of measurements) {
    const key = `${measurement.contender} ${measurement.at}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [measurement]);
    else group.push(measurement);
  }
  return [...groups.values()];
}

/** Of an even number of values, the mean of the two in the middle; undefined if one is missing, or all. */
function median(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  if (known.length === 0 || known.length < values.length) return undefined;
  const upper = percentile(
    known.map((value) => -value),
    0.5,
  );
  return (percentile(known, 0.5) - upper) / 2;
}

/** Three digits say enough. */
function number(value: number | undefined): string {
  if (value === undefined) return '-';
  return value >= 100 || Number.isInteger(value) ? value.toFixed(0) : value.toFixed(1);
}

function factor(value: number): string {
  return value >= 10 ? value.toFixed(0) : value.toFixed(2);
}
