import { counted } from '../../../src/contracts/counted.ts';
import { INVARIANTS } from '../invariants/check-all.ts';
import { FILLED_PROCESS } from '../plan/stalls.ts';
import { STOP_KINDS } from '../plan/stops.ts';
import { type Counts, totalNested } from './counts.ts';
import type { Tally } from './tally.ts';

/** The result of a run. Its field names are the format of `--json` and `--report`. */
export interface ChaosReport extends Tally {
  readonly seed: number;
  readonly minutes: number;
  readonly rounds: number;
  readonly invariants: readonly string[];
  /** One sentence each. */
  readonly violations: readonly string[];
  /** Such as processes that exited on their own: worth a look even if no order was harmed. */
  readonly unexpected: readonly string[];
}

const MAX_VIOLATIONS_SHOWN = 20;

/** What a run was to meet and has not met, one sentence each. */
export function unmetIn({ stalls, droppedLines }: Pick<Tally, 'stalls' | 'droppedLines'>): readonly string[] {
  const times = stalls[FILLED_PROCESS] ?? 0;
  if (times === 0 || droppedLines > 0) return [];
  const filled = `the log of the ${FILLED_PROCESS} was filled ${counted(times, 'time')} while nobody read it`;
  return [`${filled}, but no dropped line was reported`];
}

/** The report for people, one string per line. */
export function reportLines(report: ChaosReport): readonly string[] {
  const { seed, minutes, rounds, orders, stops, faults, recovery, violations } = report;
  const { createsReceived, ticketsMade, ticketsVoided, resumedRuns, lateWatches } = report;
  return [
    `${counted(orders, 'order')} in ${minutes.toFixed(1)} minutes and ${counted(rounds, 'round')}, seed ${seed}`,
    row('endings', list(report.endings)),
    row('guarantees', list(report.guarantees)),
    row('creates', `${createsReceived} received, ${ticketsMade} tickets created, ${ticketsVoided} voided`),
    row('runs', `${resumedRuns} resumed, ${lateWatches} late watches`),
    row('clients', list(report.clients)),
    row('poison', list(report.poison)),
    row('logs unread', `${list(report.stalls)}; ${counted(report.droppedLines, 'line')} dropped`),
    row('moved away', `${list(report.moves)}; ${report.refusedMeanwhile} requests refused meanwhile`),
    '',
    `${counted(totalNested(stops), 'stop').padEnd(18)}${STOP_KINDS.map((kind) => kind.padStart(8)).join('')}   time until the next order completed: p50, p95, max`,
    ...Object.keys(stops)
      .sort()
      .map((name) => {
        const { p50 = 0, p95 = 0, max = 0 } = recovery[name] ?? {};
        const counts = STOP_KINDS.map((kind) => String(stops[name]?.[kind] ?? 0).padStart(8)).join('');
        return `  ${name.padEnd(16)}${counts}   ${[p50, p95, max].map(seconds).join(', ')}`;
      }),
    '',
    counted(totalNested(faults), 'fault'),
    ...Object.entries(faults)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([point, counts]) => `  ${point.padEnd(22)}${list(counts)}`),
    '',
    ...report.unexpected.map((what) => `unexpected: ${what}`),
    ...(violations.length === 0
      ? [`0 violations of ${Object.keys(INVARIANTS).length} invariants: ${Object.keys(INVARIANTS).join(', ')}`]
      : [
          counted(violations.length, 'violation'),
          ...violations.slice(0, MAX_VIOLATIONS_SHOWN).map((violation) => `  ${violation}`),
        ]),
  ];
}

function row(name: string, text: string): string {
  return `  ${name.padEnd(12)}${text}`;
}

/** The largest count first. */
function list(counts: Counts): string {
  return Object.entries(counts)
    .sort(([, a], [, b]) => b - a)
    .map(([name, count]) => `${count} ${name}`)
    .join(', ');
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
