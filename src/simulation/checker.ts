import type { Guarantee } from '../contracts/guarantee.ts';
import type { Intervals } from '../contracts/intervals.ts';
import type { TicketList } from '../contracts/tickets.ts';
import type { CreateExchange, CreateOutcome } from '../protocol/classify-outcome.ts';
import type { Conclusion } from '../protocol/exactly-one.ts';
import type { WatchConclusion } from '../protocol/late-watch.ts';
import { INVARIANTS, type Invariant, type Violation } from './invariants.ts';
import { outcomeByTable } from './outcome-table.ts';
import { createRunRecord, isPastFence, listen, maySendBeside, type RunRecord, tell } from './run-record.ts';
import type { CreateArriving, TrueTicket, Witness } from './ticket-system.ts';
import type { Memory } from './world.ts';

/** No service is obeyed that asks for a longer pause. */
const LONGEST_RETRY_AFTER_MS = 60_000;

/** How long an order may take when nothing is wrong any more: its fence, its last looks and its longest pauses. */
function boundMs({ createDeadlineMs, clockSkewMs, settleMs, lateWatchMs }: Intervals): number {
  const lastLooksMs = lateWatchMs.reduce((sum, ms) => sum + ms, 0);
  return 4 * (createDeadlineMs + clockSkewMs + 1_000) + settleMs + lastLooksMs + LONGEST_RETRY_AFTER_MS + 30_000;
}

/** Knows the true state of the ticket system and all that the order does, and says what is wrong the moment it is. */
export type Checker = ReturnType<typeof createChecker>;

export function createChecker(options: {
  readonly guarantee: Guarantee;
  readonly orderId: string;
  readonly intervals: Intervals;
  readonly live: () => readonly TrueTicket[];
  readonly onViolation: (violation: Violation) => void;
}) {
  const { guarantee, orderId, intervals, live } = options;
  const runs = new Map<string, RunRecord>();
  const requestIds = new Set<string>();
  const keyOfVoids = new Map<number, string>();
  let promised: string | undefined;
  let latest: { readonly run: RunRecord; ending?: Conclusion['kind'] | 'terminated' } | undefined;

  const report = (invariant: Invariant, what: string) => {
    options.onViolation({ invariant, what: `${INVARIANTS[invariant]}: ${what}` });
  };
  const liveIds = () => live().map(({ ticketId }) => ticketId);
  const recordOf = (runId: string): RunRecord => {
    const run = runs.get(runId);
    if (run === undefined) throw new Error(`the checker was never told that ${runId} began`);
    return run;
  };

  const witness: Witness = {
    createDecided(create, nowMs, ticket, answer) {
      if (guarantee === 'none' && ticket === undefined) report('service', 'it promises nothing, and refused a create');
      if (guarantee === 'none') return;
      checkKey(create, ticket, answer);
      if (ticket !== undefined && !(create.deadlineMs !== undefined && nowMs <= create.deadlineMs)) {
        report(
          'service',
          `${ticket.ticketId} was committed at ${nowMs}, its deadline is ${create.deadlineMs ?? 'not there'}`,
        );
      }
    },
    committed(ticket) {
      const others = liveIds().filter((ticketId) => ticketId !== ticket.ticketId);
      if (guarantee !== 'none' && others.length > 0) {
        report('two live', `${ticket.ticketId} was made beside ${others.join(', ')}`);
      }
      if (ticket.byRun !== undefined && recordOf(ticket.byRun).closedWithoutTicket) {
        report(
          'proven closing',
          `${ticket.ticketId} was made by a create of ${ticket.byRun}, which had closed without a ticket`,
        );
      }
    },
    voided(ticketId, keep, before) {
      if (!before.some((each) => each.ticketId === ticketId && !each.voided)) {
        report('service', `a void took ${ticketId}, which was not live`);
      }
      if (ticketId === promised) report('promise', `${ticketId}, promised, was voided, keep ${keep}`);
      if (keep !== null && live().length === 0)
        report('promise', `${ticketId}, the only one, was voided, keep ${keep}`);
    },
  };

  function checkKey(
    { idempotencyKey, fingerprint }: CreateArriving,
    made: TrueTicket | undefined,
    answer: CreateExchange,
  ) {
    if (guarantee !== 'idempotency-key' || answer.kind !== 'answer') return;
    const earlier = idempotencyKey === undefined ? undefined : keyed.get(idempotencyKey);
    if (earlier === undefined) {
      if (made !== undefined && idempotencyKey !== undefined) keyed.set(idempotencyKey, made);
      return;
    }
    const expected = earlier.fingerprint === fingerprint ? earlier.ticketId : undefined;
    if (answer.ticket?.ticketId !== expected) {
      report(
        'service',
        `key ${idempotencyKey} gave ${earlier.ticketId} before, and now ${answer.ticket?.ticketId ?? answer.status}`,
      );
    }
  }
  const keyed = new Map<string, TrueTicket>();

  return {
    witness,
    report,

    began(run: { readonly runId: string; readonly resumed: boolean; readonly startedAtMs: number }) {
      if (run.resumed && latest === undefined) report('submission', `${run.runId} resumes what never began`);
      if (latest !== undefined && latest.ending === undefined)
        report('submission', `${run.runId} began beside ${latest.run.runId}`);
      if (latest?.ending === 'one ticket') report('submission', `${run.runId} began although the order has its ticket`);
      const record = createRunRecord(run, intervals);
      runs.set(run.runId, record);
      latest = { run: record };
    },
    terminated() {
      if (latest !== undefined) latest.ending = 'terminated';
    },
    cancelRequested: (runId: string) => {
      recordOf(runId).cancelRequested = true;
    },
    told: (runId: string, told: Guarantee) => tell(recordOf(runId), told),

    /** A run, or a watch (which has no record), believes an answer. */
    believed(
      runId: string | undefined,
      answer: TicketList,
      request: {
        readonly requestedAtMs: number;
        readonly receivedAtMs: number;
        readonly isNone: boolean;
        readonly memory: Memory;
      },
    ) {
      const { clockSkewMs } = intervals;
      if (request.isNone) report('answer', 'what was believed is no answer');
      if (
        !(answer.asOfMs >= request.requestedAtMs - clockSkewMs && answer.asOfMs <= request.receivedAtMs + clockSkewMs)
      ) {
        report('answer', `an answer as of ${answer.asOfMs} was believed, asked for at ${request.requestedAtMs}`);
      }
      const ids = answer.tickets.map(({ ticketId }) => ticketId);
      if (new Set(ids).size < ids.length) report('answer', `${ids.join(', ')} are not distinct`);
      const { listed, listedVoided } = request.memory;
      const missing = [...listed].filter((ticketId) => !ids.includes(ticketId));
      const revived = answer.tickets.filter(({ ticketId, voided }) => !voided && listedVoided.has(ticketId));
      if (missing.length + revived.length > 0) report('answer', `it lacks what was seen before: ${missing.join(', ')}`);
      for (const { ticketId, voided } of answer.tickets) {
        listed.add(ticketId);
        if (voided) listedVoided.add(ticketId);
      }
      if (runId !== undefined) listen(recordOf(runId), answer, intervals);
    },

    /** The workflow asks for a create. */
    createAsked(runId: string, create: { readonly deadlineMs: number; readonly key: string }, nowMs: number) {
      const run = recordOf(runId);
      const seen = liveIds().filter((ticketId) => run.listedLive.has(ticketId));
      if (seen.length > 0) report('I4', `${seen.join(', ')}, seen, is live`);
      if (run.lastAnswer === undefined) report('fence', `${runId} creates before it has looked`);
      if (run.rejectionHeard) report('outcome', `${runId} creates again after a rejection`);
      if (run.earlierDeadlineMs !== undefined) report('fence', `${runId} creates before the fence of the run before`);
      else if (!maySendBeside(run, create.key))
        report('fence', `${runId} creates while an earlier create may still commit`);
      if (create.deadlineMs !== nowMs + intervals.createDeadlineMs) {
        report('fence', `the deadline is ${create.deadlineMs - nowMs} ms ahead, not ${intervals.createDeadlineMs}`);
      }
      if (nowMs < run.notBeforeMs) report('pause', `${run.notBeforeMs - nowMs} ms too early`);
      checkVoidsInKey(run, create.key);
      run.asked += 1;
      run.open = [...run.open, create];
      run.deadlinesMs.push(create.deadlineMs);
      run.claimed = undefined;
    },

    /** The request leaves the worker. */
    sent(requestId: string, late: { readonly byWallMs: number; readonly byMonotonicMs: number }) {
      if (requestIds.has(requestId)) report('I3', requestId);
      requestIds.add(requestId);
      if (late.byWallMs > 0 || late.byMonotonicMs > 0) {
        report('send', `${Math.max(late.byWallMs, late.byMonotonicMs)} ms after its deadline`);
      }
    },

    /** A worker has judged what it heard of a create. */
    judged(exchange: CreateExchange, outcome: CreateOutcome) {
      const expected = outcomeByTable(exchange);
      const isExpected = Object.entries(expected).every(([name, value]) => Reflect.get(outcome, name) === value);
      if (!isExpected) {
        report('outcome', `${JSON.stringify(exchange)} is ${JSON.stringify(expected)}, not ${JSON.stringify(outcome)}`);
      }
    },

    /** The workflow hears what came of its create. */
    outcome(runId: string, outcome: CreateOutcome, nowMs: number) {
      const run = recordOf(runId);
      if ('retryAfterMs' in outcome) {
        run.notBeforeMs = nowMs + Math.min(outcome.retryAfterMs ?? 0, LONGEST_RETRY_AFTER_MS);
      }
      if (outcome.kind === 'rejected') run.rejectionHeard = true;
      if (outcome.kind === 'committed') run.hasClaim = true;
      if (outcome.kind === 'committed' && !run.listed.has(outcome.ticketId)) run.claimed = outcome.ticketId;
      if (outcome.kind !== 'not sent') return;
      run.open = run.open.slice(0, -1);
      run.deadlinesMs.pop();
    },

    /** An order waits for its fence. */
    settles(runId: string) {
      const run = recordOf(runId);
      const isClosing = run.cancelRequested || run.rejectionHeard;
      if (!run.resumed && run.lastAnswer !== undefined && run.asked === 0 && !isClosing) {
        report('settling', `${runId} has sent nothing, and follows nobody`);
      }
      const hasLive = run.lastAnswer?.tickets.some(({ voided }) => !voided) === true;
      if (hasLive && !run.hasClaim && run.open.length === 0 && run.earlierDeadlineMs === undefined && !isClosing) {
        report('settling', `${runId} has found its ticket`);
      }
      const mayGoOn = run.earlierDeadlineMs === undefined && !isClosing && live().length === 0;
      const [first] = run.open;
      if (mayGoOn && first !== undefined && run.told === 'idempotency-key' && run.listedVoided.size === 0) {
        report('settling', `${runId} could send ${first.key} again`);
      }
    },

    /** An order asks for a void. */
    voidAsked(runId: string, ticketId: string, keep: string | null) {
      const run = recordOf(runId);
      const listedLive = (run.lastAnswer?.tickets ?? []).filter(({ voided }) => !voided);
      if (keep === null) {
        if (!run.cancelRequested)
          report('cancellation', `${runId} voids ${ticketId} and keeps none, nobody cancelled it`);
        if (!run.absenceProven)
          report('cancellation', `${runId} voids ${ticketId}, found before it had proven absence`);
        if (!isPastFence(run)) report('cancellation', `${runId} voids ${ticketId} before its fence`);
        return;
      }
      const first = [...listedLive].sort(
        (a, b) => a.createdAtMs - b.createdAtMs || (a.ticketId < b.ticketId ? -1 : 1),
      )[0];
      if (keep !== first?.ticketId) report('keeper', `${keep} is kept, ${first?.ticketId ?? 'none'} was first`);
      if (run.open.length > 0) report('fence', `${runId} voids ${ticketId} while a create may still commit`);
    },

    /** A watch asks for a void. */
    watchVoids(ticketId: string, keep: string | null, promisedTicketId: string) {
      if (keep !== promisedTicketId || ticketId === promisedTicketId) {
        report('keeper', `the watch voids ${ticketId} and keeps ${keep}, promised is ${promisedTicketId}`);
      }
    },

    /** @param times true ones */
    ended(
      runId: string,
      { conclusion, createAttempts }: { readonly conclusion: Conclusion; readonly createAttempts: number },
      times: { readonly nowMs: number; readonly lastTroubleMs: number },
    ) {
      const run = recordOf(runId);
      const tookMs = times.nowMs - times.lastTroubleMs;
      if (tookMs > boundMs(intervals)) report('I7', `${runId} ended ${tookMs} ms after the last trouble`);
      if (latest?.run === run) latest.ending = conclusion.kind;
      if (run.earlierDeadlineMs !== undefined) report('fence', `${runId} ends before the fence of the run before`);
      if (conclusion.kind === 'one ticket') checkCompletion(run, conclusion);
      else checkClosing(run, conclusion);
      if (createAttempts !== run.asked)
        report('result', `${runId} tells of ${createAttempts} creates, it has asked for ${run.asked}`);
    },

    /**
     * @param voided what was voided for it
     * @param hasPromised whether the run that started it gave its promise to somebody
     * @param tookMs since it began, or since the last trouble
     */
    watchEnded(
      { kind, voidedTicketIds }: WatchConclusion,
      voided: ReadonlySet<string>,
      hasPromised: boolean,
      tookMs: number,
    ) {
      if (voidedTicketIds.toSorted().join() !== [...voided].toSorted().join())
        report(
          'result',
          `a watch tells that it voided ${voidedTicketIds.join(', ') || 'none'}, it was ${[...voided].join(', ') || 'none'}`,
        );
      if (tookMs > boundMs(intervals)) report('I7', `a late watch ended ${tookMs} ms after the last trouble`);
      if (hasPromised && kind !== 'watched') report('watch', `it ended: ${kind}`);
    },

    quiescent() {
      if (latest === undefined || latest.ending === undefined) return report('I7', 'the order has not ended');
      const ids = liveIds();
      if (latest.ending === 'one ticket' && ids.join() !== promised) {
        report('I1', `completed with ${promised}, live is ${ids.join(', ') || 'none'}`);
      }
      if (latest.run.closedWithoutTicket && ids.length > 0) report('I1', `closed, live is ${ids.join(', ')}`);
    },
  };

  function checkVoidsInKey(run: RunRecord, key: string) {
    const voids = run.listedVoided.size;
    const before = keyOfVoids.get(voids);
    const others = [...keyOfVoids].filter(([count, each]) => count !== voids && each === key);
    if ((before !== undefined && before !== key) || others.length > 0 || !key.startsWith(`${orderId}/`)) {
      report('key', `after ${voids} voids it is ${key}, and was ${before ?? 'none'}`);
    }
    keyOfVoids.set(voids, key);
  }

  function checkCompletion(run: RunRecord, conclusion: Conclusion & { kind: 'one ticket' }) {
    const { ticketId, lateWatchMs } = conclusion;
    if (promised !== undefined && promised !== ticketId)
      report('submission', `it answered ${promised} before, now ${ticketId}`);
    promised = ticketId;
    const ids = liveIds();
    if (!ids.includes(ticketId)) report('I2', `${ticketId} is not live; live is ${ids.join(', ') || 'none'}`);
    if (guarantee !== 'none' && ids.length > 1) report('two live', `it completed while ${ids.join(', ')} are live`);
    if (run.open.length > 0) report('fence', `${run.runId} completes while a create may still commit`);
    if (run.claimed !== undefined && !run.listed.has(run.claimed) && !isPastFence(run)) {
      report('fence', `${run.runId} completes with ${ticketId}, a 201 named ${run.claimed}, which no answer listed`);
    }
    if (run.told !== 'none' && lateWatchMs !== undefined) report('watch', `${run.runId} left one that nobody needs`);
    if (run.told === 'none' && run.resumed && lateWatchMs === undefined)
      report('watch', `${run.runId}, resumed, left none`);
    if (run.cancelHeard && run.absenceProven) report('cancellation', `${ticketId} came after absence was proven`);
  }

  function checkClosing(run: RunRecord, conclusion: Conclusion) {
    run.closedWithoutTicket = true;
    if (live().length > 0)
      report('proven closing', `${run.runId} closed ${conclusion.kind}, live is ${liveIds().join(', ')}`);
    if (!isPastFence(run)) report('proven closing', `${run.runId} closed ${conclusion.kind} before its fence`);
    if (conclusion.kind === 'rejected' && !run.rejectionHeard) report('outcome', `${run.runId} was never rejected`);
    if (conclusion.kind === 'cancelled' && !run.cancelRequested)
      report('cancellation', `nobody cancelled ${run.runId}`);
  }
}
