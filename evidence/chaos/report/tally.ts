import type { ClientAction } from '../clients/play-order.ts';
import type { Evidence } from '../evidence/evidence.ts';
import { readStoredTickets } from '../evidence/stored-tickets.ts';
import { lastRun } from '../invariants/violation.ts';
import type { ProcessName, StopKind } from '../plan/stops.ts';
import { type RecoveryTimes, recoveryTimes } from './recovery-times.ts';

/** A stop that was done. Epoch milliseconds. */
export interface DoneStop {
  readonly process: ProcessName;
  readonly kind: StopKind;
  readonly atMs: number;
  /** When it ran again. */
  readonly backAtMs: number;
}

export type Counts = Readonly<Record<string, number>>;

/** What happened in some rounds, in numbers. */
export interface Tally {
  readonly orders: number;
  /** By how they ended. */
  readonly endings: Counts;
  /** Orders by what the ticket system promised them. */
  readonly guarantees: Counts;
  /** Runs of orders that followed an earlier one. */
  readonly resumedRuns: number;
  readonly lateWatches: number;
  readonly createsReceived: number;
  readonly ticketsMade: number;
  readonly ticketsVoided: number;
  /** What clients did, beside the first submission. */
  readonly clients: Counts;
  /** By process, then by kind. */
  readonly stops: Readonly<Record<string, Counts>>;
  /** Faults that injected, by point and then by kind. */
  readonly faults: Readonly<Record<string, Counts>>;
  readonly recovery: RecoveryTimes;
}

/** What one round adds to the tally. */
export interface RoundRecord {
  readonly evidence: Pick<Evidence, 'orders' | 'files'>;
  readonly actions: readonly ClientAction[];
  readonly stops: readonly DoneStop[];
  readonly faults: readonly { readonly point: string; readonly kind: string }[];
}

/** What is told of one round; its evidence need not be kept. */
export type RoundTally = Omit<Tally, 'recovery'> & {
  readonly recoveries: readonly { readonly process: ProcessName; readonly ms: number }[];
};

export function tallyRound({ evidence, actions, stops, faults }: RoundRecord): RoundTally {
  const { orders } = evidence;
  const { tickets, reservations, ledger } = readStoredTickets(evidence.files);
  const runs = orders.flatMap((order) => order.runs);
  const completedAtMs = runs.flatMap(({ closing }) => (closing?.as === 'completed' ? [closing.atMs] : []));
  return {
    orders: orders.length,
    endings: countBy(orders, (order) => {
      const closing = lastRun(order)?.closing;
      return closing?.as === 'failed' ? String(closing.failureType) : (closing?.as ?? 'open');
    }),
    guarantees: countBy(reservations, ({ guarantee }) => guarantee),
    resumedRuns: runs.filter(({ resumed }) => resumed).length,
    lateWatches: orders.flatMap(({ watches }) => watches).length,
    createsReceived: ledger.filter(({ kind }) => kind === 'received').length,
    ticketsMade: tickets.length,
    ticketsVoided: tickets.filter(({ voidedAtMs }) => voidedAtMs !== undefined).length,
    clients: countBy(
      actions.filter(({ action }) => action !== 'submit'),
      ({ action, outcome }) => `${action}: ${outcome}`,
    ),
    stops: countByTwo(
      stops,
      ({ process }) => process,
      ({ kind }) => kind,
    ),
    faults: countByTwo(
      faults,
      ({ point }) => point,
      ({ kind }) => kind,
    ),
    recoveries: stops.flatMap(({ process, atMs }) => {
      const next = completedAtMs.filter((each) => each > atMs).sort((a, b) => a - b)[0];
      return next === undefined ? [] : [{ process, ms: next - atMs }];
    }),
  };
}

/** The sum of all rounds. */
export function sumOf(rounds: readonly RoundTally[]): Tally {
  const sum = (of: (round: RoundTally) => number) => rounds.reduce((total, round) => total + of(round), 0);
  return {
    orders: sum(({ orders }) => orders),
    endings: merged(rounds.map(({ endings }) => endings)),
    guarantees: merged(rounds.map(({ guarantees }) => guarantees)),
    resumedRuns: sum(({ resumedRuns }) => resumedRuns),
    lateWatches: sum(({ lateWatches }) => lateWatches),
    createsReceived: sum(({ createsReceived }) => createsReceived),
    ticketsMade: sum(({ ticketsMade }) => ticketsMade),
    ticketsVoided: sum(({ ticketsVoided }) => ticketsVoided),
    clients: merged(rounds.map(({ clients }) => clients)),
    stops: mergedByTwo(rounds.map(({ stops }) => stops)),
    faults: mergedByTwo(rounds.map(({ faults }) => faults)),
    recovery: recoveryTimes(rounds.flatMap(({ recoveries }) => recoveries)),
  };
}

export function total(counts: Counts): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

function countBy<Item>(items: readonly Item[], of: (item: Item) => string): Counts {
  return merged(items.map((item) => ({ [of(item)]: 1 })));
}

function countByTwo<Item>(
  items: readonly Item[],
  first: (item: Item) => string,
  second: (item: Item) => string,
): Readonly<Record<string, Counts>> {
  return mergedByTwo(items.map((item) => ({ [first(item)]: { [second(item)]: 1 } })));
}

function merged(all: readonly Counts[]): Counts {
  const sum: Record<string, number> = {};
  for (const counts of all) {
    for (const [name, count] of Object.entries(counts)) sum[name] = (sum[name] ?? 0) + count;
  }
  return sum;
}

function mergedByTwo(all: readonly Readonly<Record<string, Counts>>[]): Readonly<Record<string, Counts>> {
  const names = [...new Set(all.flatMap((each) => Object.keys(each)))];
  return Object.fromEntries(names.map((name) => [name, merged(all.map((each) => each[name] ?? {}))]));
}
