import { type Guarantee, type ItemList, type Resolution, type Timings, weakerGuarantee } from 'exactly-one';
import type { StoredTicket } from '../simulated/ticket-system.ts';
import type { Invariant } from './invariants.ts';

/** What the rules know about the order and share. */
export interface OrderRecord {
  readonly guarantee: Guarantee;
  readonly orderId: string;
  readonly timings: Timings;
  /** The true state of the ticket system. */
  readonly liveTickets: () => readonly StoredTicket[];
  readonly liveIds: () => readonly string[];
  readonly runs: Map<string, RunRecord>;
  /** @throws Error when the checker was not notified that the run started */
  readonly recordOf: (runId: string) => RunRecord;
  /** The ticket that the order has returned. */
  promised: string | undefined;
  /** An operator has taken the promised ticket out of circulation. */
  promisedIsRemoved: boolean;
  /** The promises of late watches that have started. */
  readonly watched: Set<string>;
  /** Tickets that a person has named as the order's, and that were not live then or had to give way to a promised one. */
  readonly wrongClaims: Set<string>;
  readonly report: (invariant: Invariant, what: string) => void;
}

/** The longest pause that an order makes because a service asks for it. */
export const MAX_RETRY_AFTER_MS = 60_000;

/** How long a run or a watch may take after the last fault: its fence, its last checks and its longest pauses. */
export function boundMs({ createDeadlineMs, clockSkewMs, settleMs, acceptWithinMs = 0, lateWatchMs }: Timings): number {
  const lastChecksMs = lateWatchMs.reduce((sum, ms) => sum + ms, 0);
  return (
    4 * (createDeadlineMs + acceptWithinMs + clockSkewMs + 1_000) +
    settleMs +
    lastChecksMs +
    MAX_RETRY_AFTER_MS +
    30_000
  );
}

/** A create of a run that may still commit, as far as the run can know. */
interface UnresolvedCreate {
  readonly deadlineMs: number;
  readonly key: string;
  /** The run has learned that the service has accepted it. */
  readonly accepted?: true;
}

/** What one run of an order has learned, and what follows from it by the design. */
export interface RunRecord {
  readonly runId: string;
  readonly resumed: boolean;
  cancelRequested: boolean;
  /** The cancellation was requested before the last complete response. */
  cancelRequestedAtLastResponse: boolean;
  /** The weakest guarantee that the run has read. */
  guarantee: Guarantee | undefined;
  /** The run ended rejected or cancelled, so none of its creates may commit any more. */
  closedWithoutTicket: boolean;
  /** What a person has said about the order. */
  resolution: Resolution | undefined;
  wasRejected: boolean;
  lastResponse: ItemList | undefined;
  absenceProven: boolean;
  /** Some create had the outcome `committed`, whether that is true or not. */
  hadCommit: boolean;
  createsRequested: number;
  /** By Temporal's clock: no create before this, because the service asked for a pause. */
  notBeforeMs: number;
  readonly listed: Set<string>;
  readonly listedVoided: Set<string>;
  readonly listedLive: Set<string>;
  /** The voided tickets in the responses that have reached the workflow. */
  readonly deliveredVoided: Set<string>;
  /** Creates that may have been sent, and that no ticket has resolved. */
  unresolved: UnresolvedCreate[];
  /** The ticket named by the 201 of the last create, if it was not listed before. */
  claimedId: string | undefined;
  /** Deadlines of creates that may have been sent, until a response lies past their fence. */
  deadlinesMs: number[];
  /** The latest time at which the service wants to have finished a create, as far as the run knows. */
  readyAtMs: number;
  /** The latest deadline of earlier runs, until a response lies past its fence. */
  earlierRunDeadlineMs: number | undefined;
}

export function createRunRecord(
  run: { readonly runId: string; readonly resumed: boolean; readonly startedAtMs: number },
  { createDeadlineMs, clockSkewMs }: Timings,
): RunRecord {
  return {
    runId: run.runId,
    resumed: run.resumed,
    cancelRequested: false,
    cancelRequestedAtLastResponse: false,
    guarantee: undefined,
    closedWithoutTicket: false,
    resolution: undefined,
    wasRejected: false,
    lastResponse: undefined,
    absenceProven: false,
    hadCommit: false,
    createsRequested: 0,
    notBeforeMs: 0,
    listed: new Set(),
    listedVoided: new Set(),
    listedLive: new Set(),
    deliveredVoided: new Set(),
    unresolved: [],
    claimedId: undefined,
    deadlinesMs: [],
    readyAtMs: 0,
    earlierRunDeadlineMs: run.resumed ? run.startedAtMs + createDeadlineMs + clockSkewMs : undefined,
  };
}

export function recordGuarantee(run: RunRecord, guarantee: Guarantee): void {
  run.guarantee = run.guarantee === undefined ? guarantee : weakerGuarantee(run.guarantee, guarantee);
}

/** Whether a response has shown the state after which nothing that was sent can commit any more. */
export function isPastFence(run: RunRecord): boolean {
  return run.deadlinesMs.length === 0 && run.earlierRunDeadlineMs === undefined;
}

/** Whether the run may send a create with this key now, despite its unresolved creates. */
export function mayCreate(run: RunRecord, key: string): boolean {
  return (
    run.unresolved.length === 0 ||
    (run.guarantee === 'idempotency-key' &&
      run.unresolved.every((each) => each.key === key && each.accepted === undefined))
  );
}

/** Records a complete response that the run has received. */
export function recordResponse(run: RunRecord, response: ItemList, timings: Timings): void {
  run.lastResponse = response;
  run.cancelRequestedAtLastResponse = run.cancelRequested;
  for (const { itemId, voided } of response.items) {
    run.listed.add(itemId);
    (voided ? run.listedVoided : run.listedLive).add(itemId);
  }
  const anyLive = response.items.some(({ voided }) => !voided);
  const isFound = run.claimedId === undefined ? anyLive : run.listed.has(run.claimedId);
  const fenceHasPassed = (deadlineMs: number) =>
    response.asOfMs > fenceOfDeadline(run, deadlineMs, timings) + timings.clockSkewMs;
  run.deadlinesMs = run.deadlinesMs.filter((deadlineMs) => !fenceHasPassed(deadlineMs));
  if (run.earlierRunDeadlineMs !== undefined && fenceHasPassed(run.earlierRunDeadlineMs)) {
    run.earlierRunDeadlineMs = undefined;
  }
  const pastFence = isPastFence(run);
  if (pastFence || (isFound && canCommitOnceAtMost(run))) run.unresolved = [];
  if (pastFence && !anyLive) run.absenceProven = true;
}

/** The time after which a create with this deadline can no longer commit, as far as the run knows. */
export function fenceOfDeadline(
  { guarantee, readyAtMs }: RunRecord,
  deadlineMs: number,
  { acceptWithinMs = 0, settleMs }: Timings,
): number {
  return Math.max(deadlineMs + acceptWithinMs, readyAtMs) + (guarantee === 'none' ? settleMs : 0);
}

function canCommitOnceAtMost({ unresolved, guarantee }: RunRecord): boolean {
  const keys = new Set(unresolved.map(({ key }) => key));
  return unresolved.length <= 1 || (guarantee === 'idempotency-key' && keys.size === 1);
}
