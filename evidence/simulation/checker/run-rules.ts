import type { Conclusion, Timings, WatchConclusion } from 'exactly-one';
import { type CheckedOrder, LONGEST_RETRY_AFTER_MS } from './checked-order.ts';
import { createRunRecord, isPastFence, type RunRecord } from './records.ts';

/** How long an order may take when nothing is wrong any more: its fence, its last checks and its longest pauses. */
function boundMs({ createDeadlineMs, clockSkewMs, settleMs, lateWatchMs }: Timings): number {
  const lastLooksMs = lateWatchMs.reduce((sum, ms) => sum + ms, 0);
  return 4 * (createDeadlineMs + clockSkewMs + 1_000) + settleMs + lastLooksMs + LONGEST_RETRY_AFTER_MS + 30_000;
}

/** How the runs of an order, and their late watches, begin and end. */
export function checkRuns(order: CheckedOrder) {
  const { guarantee, timings, live, liveIds, runs, recordOf, report } = order;
  let promisedIsGone = false;
  let latest: { readonly run: RunRecord; ending?: Conclusion['kind'] | 'terminated' } | undefined;

  return {
    began(run: { readonly runId: string; readonly resumed: boolean; readonly startedAtMs: number }) {
      if (run.resumed && latest === undefined) report('submission', `${run.runId} resumes what never began`);
      if (latest !== undefined && latest.ending === undefined)
        report('submission', `${run.runId} began beside ${latest.run.runId}`);
      if (latest?.ending === 'one item') report('submission', `${run.runId} began although the order has its ticket`);
      const record = createRunRecord(run, timings);
      runs.set(run.runId, record);
      latest = { run: record };
    },
    terminated() {
      if (latest !== undefined) latest.ending = 'terminated';
    },

    /** @returns the ticket that is no longer to be live; undefined while none is promised */
    takePromisedAway(): string | undefined {
      promisedIsGone ||= latest?.ending === 'one item';
      return promisedIsGone ? order.promised : undefined;
    },

    /** @param times true ones */
    ended(
      runId: string,
      { conclusion, createAttempts }: { readonly conclusion: Conclusion; readonly createAttempts: number },
      times: { readonly nowMs: number; readonly lastTroubleMs: number },
    ) {
      const run = recordOf(runId);
      const tookMs = times.nowMs - times.lastTroubleMs;
      if (tookMs > boundMs(timings)) report('I7', `${runId} ended ${tookMs} ms after the last trouble`);
      if (latest?.run === run) latest.ending = conclusion.kind;
      if (run.earlierDeadlineMs !== undefined) report('fence', `${runId} ends before the fence of the run before`);
      if (conclusion.kind === 'one item') checkCompletion(run, conclusion);
      else checkClosing(run, conclusion);
      if (createAttempts !== run.asked)
        report('result', `${runId} tells of ${createAttempts} creates, it has asked for ${run.asked}`);
    },

    watchGoesOn(hasSeenItGone: boolean) {
      if (hasSeenItGone) report('watch', 'it goes on although it has seen that its promised ticket is gone');
    },
    watchEnded(
      { kind, voidedItemIds }: WatchConclusion,
      {
        voided,
        hasSeenItGone,
        hasPromised,
        tookMs,
      }: {
        /** What was voided for it. */
        readonly voided: ReadonlySet<string>;
        readonly hasSeenItGone: boolean;
        /** Whether the run that started it gave its promise to somebody. */
        readonly hasPromised: boolean;
        /** Since it began, or since the last trouble. */
        readonly tookMs: number;
      },
    ) {
      if (voidedItemIds.toSorted().join() !== [...voided].toSorted().join())
        report(
          'result',
          `a watch tells that it voided ${voidedItemIds.join(', ') || 'none'}, it was ${[...voided].join(', ') || 'none'}`,
        );
      if (tookMs > boundMs(timings)) report('I7', `a late watch ended ${tookMs} ms after the last trouble`);
      if (hasSeenItGone !== (kind === 'promised item gone'))
        report('watch', `gone: ${hasSeenItGone}, it ended: ${kind}`);
      if (hasPromised && kind !== 'watched' && !promisedIsGone) report('watch', `it ended: ${kind}`);
    },

    quiescent() {
      if (latest === undefined || latest.ending === undefined) return report('I7', 'the order has not ended');
      if (promisedIsGone) return;
      const ids = liveIds();
      if (latest.ending === 'one item' && ids.join() !== order.promised) {
        report('I1', `completed with ${order.promised}, live is ${ids.join(', ') || 'none'}`);
      }
      if (latest.run.closedWithoutTicket && ids.length > 0) report('I1', `closed, live is ${ids.join(', ')}`);
    },
  };

  function checkCompletion(run: RunRecord, conclusion: Conclusion & { kind: 'one item' }) {
    const { itemId, lateWatchMs } = conclusion;
    if (order.promised !== undefined && order.promised !== itemId)
      report('submission', `it answered ${order.promised} before, now ${itemId}`);
    order.promised = itemId;
    const ids = liveIds();
    if (!ids.includes(itemId)) report('I2', `${itemId} is not live; live is ${ids.join(', ') || 'none'}`);
    if (guarantee !== 'none' && ids.length > 1) report('two live', `it completed while ${ids.join(', ')} are live`);
    if (run.open.length > 0) report('fence', `${run.runId} completes while a create may still commit`);
    if (run.claimed !== undefined && !run.listed.has(run.claimed) && !isPastFence(run)) {
      report('fence', `${run.runId} completes with ${itemId}, a 201 named ${run.claimed}, which no answer listed`);
    }
    if (run.told !== 'none' && lateWatchMs !== undefined) report('watch', `${run.runId} left one that nobody needs`);
    if (run.told === 'none' && run.resumed && lateWatchMs === undefined)
      report('watch', `${run.runId}, resumed, left none`);
    if (run.cancelHeard && run.absenceProven) report('cancellation', `${itemId} came after absence was proven`);
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
