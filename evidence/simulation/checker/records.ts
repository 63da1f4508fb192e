import { type Guarantee, type ItemList, type Timings, weakestGuarantee } from 'exactly-one';

/** A create of a run whose outcome the run cannot know yet. */
interface OpenCreate {
  readonly deadlineMs: number;
  readonly key: string;
}

/** What one run of an order has truly been told, and what follows from it by the design. */
export interface RunRecord {
  readonly runId: string;
  readonly resumed: boolean;
  cancelRequested: boolean;
  /** The weakest guarantee that it was told. */
  told: Guarantee | undefined;
  /** Rejected or cancelled: its creates must be over. */
  closedWithoutTicket: boolean;
  rejectionHeard: boolean;
  lastAnswer: ItemList | undefined;
  absenceProven: boolean;
  /** Some 201 has named a ticket, be it true or not. */
  hasClaim: boolean;
  /** How many creates it has asked for. */
  asked: number;
  /** A cancellation was asked for when its last answer came. */
  cancelHeard: boolean;
  /** No create before this, by Temporal's clock: the service asked for it. */
  notBeforeMs: number;
  readonly listed: Set<string>;
  readonly listedVoided: Set<string>;
  readonly listedLive: Set<string>;
  /** Creates that may have been sent and that no ticket has shown to be over. */
  open: OpenCreate[];
  /** The ticket that the 201 of the last create named. */
  claimed: string | undefined;
  /** Deadlines of creates that may have been sent, until an answer has shown that they are past their fence. */
  deadlinesMs: number[];
  /** The deadline of all that the runs before may have sent, as long as it is not known to be past its fence. */
  earlierDeadlineMs: number | undefined;
}

export function createRunRecord(
  run: { readonly runId: string; readonly resumed: boolean; readonly startedAtMs: number },
  { createDeadlineMs, clockSkewMs }: Timings,
): RunRecord {
  return {
    runId: run.runId,
    resumed: run.resumed,
    cancelRequested: false,
    told: undefined,
    closedWithoutTicket: false,
    rejectionHeard: false,
    lastAnswer: undefined,
    absenceProven: false,
    hasClaim: false,
    asked: 0,
    cancelHeard: false,
    notBeforeMs: 0,
    listed: new Set(),
    listedVoided: new Set(),
    listedLive: new Set(),
    open: [],
    claimed: undefined,
    deadlinesMs: [],
    earlierDeadlineMs: run.resumed ? run.startedAtMs + createDeadlineMs + clockSkewMs : undefined,
  };
}

export function tell(run: RunRecord, guarantee: Guarantee): void {
  run.told = run.told === undefined ? guarantee : weakestGuarantee(run.told, guarantee);
}

/** Whether an answer has shown what is there once nothing that was sent can commit any more. */
export function isPastFence(run: RunRecord): boolean {
  return run.deadlinesMs.length === 0 && run.earlierDeadlineMs === undefined;
}

/** Takes an answer down that the run believed. */
export function listen(run: RunRecord, answer: ItemList, timings: Timings): void {
  run.lastAnswer = answer;
  run.cancelHeard = run.cancelRequested;
  for (const { itemId, voided } of answer.items) {
    run.listed.add(itemId);
    (voided ? run.listedVoided : run.listedLive).add(itemId);
  }
  const anyLive = answer.items.some(({ voided }) => !voided);
  const isFound = run.claimed === undefined ? anyLive : run.listed.has(run.claimed);
  const oneAtMost = run.open.length <= 1 || (run.told === 'idempotency-key' && sameKeys(run.open));
  const isOver = (deadlineMs: number) => {
    const hopeMs = run.told === 'none' ? timings.settleMs : 0;
    return answer.asOfMs > deadlineMs + hopeMs + timings.clockSkewMs;
  };
  run.deadlinesMs = run.deadlinesMs.filter((deadlineMs) => !isOver(deadlineMs));
  if (run.earlierDeadlineMs !== undefined && isOver(run.earlierDeadlineMs)) run.earlierDeadlineMs = undefined;
  const pastFence = isPastFence(run);
  if (pastFence || (isFound && oneAtMost)) run.open = [];
  if (pastFence && !anyLive) run.absenceProven = true;
}

/** Whether the run may send a create with this key although others are open. */
export function maySendBeside(run: RunRecord, key: string): boolean {
  return run.open.length === 0 || (run.told === 'idempotency-key' && run.open.every((each) => each.key === key));
}

function sameKeys(open: readonly OpenCreate[]): boolean {
  return new Set(open.map(({ key }) => key)).size <= 1;
}
