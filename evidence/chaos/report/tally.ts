import { percentile } from '../../../testbed/percentile.ts';
import type { ClientAction } from '../clients/play-order.ts';
import type { SentPoison } from '../clients/send-poison.ts';
import { lastRun, type RoundEvidence } from '../collect/round-evidence.ts';
import { readStoredTickets } from '../collect/stored-tickets.ts';
import type { PlannedStall } from '../plan/stalls.ts';
import type { ProcessName, StopKind } from '../plan/stops.ts';
import type { DoneMove } from '../play-moves.ts';
import { type Counts, countBy, countByTwo, merged, mergedNested, type NestedCounts } from './counts.ts';

/** A stop that was carried out. In epoch milliseconds. */
export interface DoneStop {
  readonly process: ProcessName;
  readonly kind: StopKind;
  readonly atMs: number;
  /** When the process ran again. */
  readonly backAtMs: number;
}

/** A fault that the ticket system injected. */
export interface InjectedFault {
  readonly point: string;
  readonly kind: string;
}

/** What happened in a number of rounds. */
export interface Tally {
  readonly orders: number;
  /** Orders by how they ended. */
  readonly endings: Counts;
  /** Orders by their guarantee. */
  readonly guarantees: Counts;
  /** Runs of orders that followed an earlier run. */
  readonly resumedRuns: number;
  readonly lateWatches: number;
  readonly createsReceived: number;
  readonly ticketsMade: number;
  readonly ticketsVoided: number;
  /** Client actions after the first submission. */
  readonly clients: Counts;
  /** Signals that no workflow expects, by what they were sent to. */
  readonly poison: Counts;
  /** How often nobody read the log of a process for a while. */
  readonly stalls: Counts;
  /** Log lines that were dropped, because nobody read them. */
  readonly droppedLines: number;
  /** How often each part of the database was moved away. */
  readonly moves: Counts;
  /** Requests that the ticket system refused while a part was away. */
  readonly refusedMeanwhile: number;
  /** By process, then by kind. */
  readonly stops: NestedCounts;
  /** Injected faults by point, then by kind. */
  readonly faults: NestedCounts;
  readonly recovery: RecoveryTimes;
}

/** By process, and under `any` for all of them. */
export type RecoveryTimes = Readonly<Record<string, RecoveryTime>>;

/** Milliseconds from a stop to the next completion of an order, of any order. */
interface RecoveryTime {
  readonly stops: number;
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
}

interface Recovery {
  readonly process: ProcessName;
  readonly ms: number;
}

/** What happened in one round. It is small, so the round's evidence need not be kept. */
export type RoundTally = Omit<Tally, 'recovery'> & { readonly recoveries: readonly Recovery[] };

export function tallyRound(round: {
  readonly evidence: Pick<RoundEvidence, 'orders' | 'files'>;
  readonly actions: readonly ClientAction[];
  readonly stops: readonly DoneStop[];
  readonly moves: readonly Pick<DoneMove, 'part'>[];
  readonly refused: number;
  readonly poison: readonly Pick<SentPoison, 'target'>[];
  readonly stalls: readonly Pick<PlannedStall, 'process'>[];
  readonly droppedLines: number;
  readonly faults: readonly InjectedFault[];
}): RoundTally {
  const { orders } = round.evidence;
  const { tickets, reservations, ledger } = readStoredTickets(round.evidence.files);
  const runs = orders.flatMap((order) => order.runs);
  const completedAtMs = runs.flatMap(({ closing }) => (closing?.status === 'completed' ? [closing.atMs] : []));
  return {
    orders: orders.length,
    endings: countBy(orders, (order) => {
      const closing = lastRun(order)?.closing;
      return closing?.status === 'failed' ? String(closing.failureType) : (closing?.status ?? 'open');
    }),
    guarantees: countBy(reservations, ({ guarantee }) => guarantee),
    resumedRuns: runs.filter(({ resumed }) => resumed).length,
    lateWatches: orders.flatMap(({ watches }) => watches).length,
    createsReceived: ledger.filter(({ kind }) => kind === 'received').length,
    ticketsMade: tickets.length,
    ticketsVoided: tickets.filter(({ voidedAtMs }) => voidedAtMs !== undefined).length,
    clients: countBy(
      round.actions.filter(({ action }) => action !== 'submit'),
      ({ action, outcome }) => `${action}: ${outcome}`,
    ),
    poison: countBy(round.poison, ({ target }) => `to ${target === 'order' ? 'orders' : 'late watches'}`),
    stalls: countBy(round.stalls, ({ process }) => process),
    droppedLines: round.droppedLines,
    moves: countBy(round.moves, ({ part }) => part),
    refusedMeanwhile: round.refused,
    stops: countByTwo(
      round.stops,
      ({ process }) => process,
      ({ kind }) => kind,
    ),
    faults: countByTwo(
      round.faults,
      ({ point }) => point,
      ({ kind }) => kind,
    ),
    recoveries: round.stops.flatMap(({ process, atMs }) => {
      const next = Math.min(...completedAtMs.filter((each) => each > atMs));
      return Number.isFinite(next) ? [{ process, ms: next - atMs }] : [];
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
    poison: merged(rounds.map(({ poison }) => poison)),
    stalls: merged(rounds.map(({ stalls }) => stalls)),
    droppedLines: sum(({ droppedLines }) => droppedLines),
    moves: merged(rounds.map(({ moves }) => moves)),
    refusedMeanwhile: sum(({ refusedMeanwhile }) => refusedMeanwhile),
    stops: mergedNested(rounds.map(({ stops }) => stops)),
    faults: mergedNested(rounds.map(({ faults }) => faults)),
    recovery: recoveryTimes(rounds.flatMap(({ recoveries }) => recoveries)),
  };
}

function recoveryTimes(recoveries: readonly Recovery[]): RecoveryTimes {
  const names = [...new Set(recoveries.map(({ process }) => process))].sort();
  return Object.fromEntries([
    ...names.map((name) => [name, recoveryTime(recoveries.filter(({ process }) => process === name))] as const),
    ['any', recoveryTime(recoveries)] as const,
  ]);
}

function recoveryTime(recoveries: readonly Recovery[]): RecoveryTime {
  const times = recoveries.map(({ ms }) => ms);
  const at = (share: number) => percentile(times, share);
  return { stops: times.length, p50: at(0.5), p95: at(0.95), max: at(1) };
}
