import { INVARIANTS } from '../invariants/check-all.ts';
import { STOP_KINDS } from '../plan/stops.ts';
import { type Counts, type Tally, total } from './tally.ts';

/** What a run of chaos tells at its end; also as JSON. */
export interface ChaosReport extends Tally {
  readonly seed: number;
  readonly minutes: number;
  readonly rounds: number;
  readonly invariants: readonly string[];
  /** A sentence each. */
  readonly violations: readonly string[];
  /** Processes that ended without being told to: a finding, though no order was harmed by it. */
  readonly unexpected: readonly string[];
}

/** The report for people, a line each. */
export function reportLines(report: ChaosReport): readonly string[] {
  const { seed, minutes, rounds, orders, stops, faults, recovery, violations } = report;
  const allStops = total(sums(stops));
  const allFaults = total(sums(faults));
  return [
    `${orders} orders in ${minutes.toFixed(1)} minutes and ${rounds} rounds, seed ${seed}`,
    row('ended', list(report.endings)),
    row('promised', list(report.guarantees)),
    row(
      'creates',
      `${report.createsReceived} received, ${report.ticketsMade} tickets made, ${report.ticketsVoided} voided`,
    ),
    row('runs', `${report.resumedRuns} resumed, ${report.lateWatches} late watches`),
    row('clients', list(report.clients)),
    '',
    `${allStops} stops          ${STOP_KINDS.map((kind) => kind.padStart(8)).join('')}   time to the next completed order: p50, p95, max`,
    ...Object.keys(stops)
      .sort()
      .map((name) => {
        const { p50 = 0, p95 = 0, max = 0 } = recovery[name] ?? {};
        const counts = STOP_KINDS.map((kind) => String(stops[name]?.[kind] ?? 0).padStart(8)).join('');
        return `  ${name.padEnd(16)}${counts}   ${[p50, p95, max].map(seconds).join(', ')}`;
      }),
    '',
    `${allFaults} faults`,
    ...Object.entries(faults)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([point, counts]) => `  ${point.padEnd(22)}${list(counts)}`),
    '',
    ...report.unexpected.map((what) => `unexpected: ${what}`),
    ...(violations.length === 0
      ? [`0 violations of ${Object.keys(INVARIANTS).length} invariants: ${Object.keys(INVARIANTS).join(', ')}`]
      : [`${violations.length} violations`, ...violations.slice(0, 20).map((violation) => `  ${violation}`)]),
  ];
}

function row(name: string, text: string): string {
  return `  ${name.padEnd(10)}${text}`;
}

/** The largest first. */
function list(counts: Counts): string {
  return Object.entries(counts)
    .sort(([, a], [, b]) => b - a)
    .map(([name, count]) => `${count} ${name}`)
    .join(', ');
}

function sums(byTwo: Readonly<Record<string, Counts>>): Counts {
  return Object.fromEntries(Object.entries(byTwo).map(([name, counts]) => [name, total(counts)]));
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
