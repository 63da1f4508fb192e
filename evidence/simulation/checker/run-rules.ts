import type { Conclusion } from 'exactly-one';
import { boundMs, createRunRecord, isPastFence, type OrderRecord, type RunRecord } from './records.ts';

/** How the runs of an order start and end. */
export function runRules(order: OrderRecord) {
  const { guarantee, timings, liveTickets, liveIds, runs, recordOf, report } = order;
  let latest: { readonly run: RunRecord; ending?: Conclusion['kind'] | 'terminated' } | undefined;

  return {
    runStarted(run: { readonly runId: string; readonly resumed: boolean; readonly startedAtMs: number }) {
      if (run.resumed && latest === undefined) report('submission', `${run.runId} resumes an order that never started`);
      if (latest !== undefined && latest.ending === undefined) {
        report('submission', `${run.runId} started while ${latest.run.runId} was running`);
      }
      if (latest?.ending === 'one item') report('submission', `${run.runId} started although the order has its ticket`);
      const record = createRunRecord(run, timings);
      runs.set(run.runId, record);
      latest = { run: record };
    },

    runTerminated() {
      if (latest !== undefined) latest.ending = 'terminated';
    },

    /** @param times in true time */
    runEnded(
      runId: string,
      { conclusion, createAttempts }: { readonly conclusion: Conclusion; readonly createAttempts: number },
      times: { readonly nowMs: number; readonly lastFaultMs: number },
    ) {
      const run = recordOf(runId);
      const tookMs = times.nowMs - times.lastFaultMs;
      if (tookMs > boundMs(timings)) report('I7', `${runId} ended ${tookMs} ms after the last fault`);
      if (latest?.run === run) latest.ending = conclusion.kind;
      if (run.resolution !== undefined) checkResolved(run, conclusion);
      else if (run.earlierRunDeadlineMs !== undefined) {
        report('fence', `${runId} ends before the fence of an earlier run`);
      }
      if (run.resolution !== undefined) order.promised = 'itemId' in conclusion ? conclusion.itemId : order.promised;
      else if (conclusion.kind === 'one item') checkCompletion(run, conclusion);
      else checkClosing(run, conclusion);
      if (createAttempts !== run.createsRequested) {
        report('result', `${runId} reports ${createAttempts} creates, but requested ${run.createsRequested}`);
      }
    },

    /** @returns the ticket to remove; undefined when none is promised yet */
    removePromisedTicket(): string | undefined {
      order.promisedIsRemoved ||= latest?.ending === 'one item';
      return order.promisedIsRemoved ? order.promised : undefined;
    },

    /** Nothing is left to happen. */
    quiescent() {
      if (latest === undefined || latest.ending === undefined) return report('I7', 'the order has not ended');
      if (order.promisedIsRemoved || order.wrongClaims.has(order.promised ?? '')) return;
      const ids = liveIds().join(', ') || 'none';
      if (latest.ending === 'one item' && ids !== order.promised) {
        report('I1', `the order completed with ${order.promised}, but live is ${ids}`);
      }
      if (latest.run.closedWithoutTicket && ids !== 'none') {
        report('I1', `the order closed without a ticket, but live is ${ids}`);
      }
    },
  };

  /** A person's word stands for what the order could not check: that the ticket is live, or that there is none. */
  function checkResolved({ runId, resolution }: RunRecord, conclusion: Conclusion) {
    const isAsResolved =
      resolution !== undefined && 'itemId' in resolution
        ? conclusion.kind === 'one item' && conclusion.itemId === resolution.itemId
        : conclusion.kind === 'resolved without an item';
    if (!isAsResolved) report('resolution', `${runId} was resolved, but ends as ${JSON.stringify(conclusion)}`);
    if (conclusion.kind === 'one item' && conclusion.lateWatchMs === undefined) {
      report('watch', `${runId} was resolved with ${conclusion.itemId}, but starts no late watch`);
    }
  }

  function checkCompletion(run: RunRecord, { itemId, lateWatchMs }: Conclusion & { kind: 'one item' }) {
    const { runId, claimedId } = run;
    if (order.promised !== undefined && order.promised !== itemId) {
      report('submission', `${runId} returns ${itemId}, but ${order.promised} was returned before`);
    }
    order.promised = itemId;
    const ids = liveIds();
    if (!ids.includes(itemId)) report('I2', `${itemId} is not live; live is ${ids.join(', ') || 'none'}`);
    if (guarantee !== 'none' && ids.length > 1)
      report('two live', `${runId} completes while ${ids.join(', ')} are live`);
    if (run.unresolved.length > 0) report('fence', `${runId} completes while a create may still commit`);
    if (claimedId !== undefined && !run.listed.has(claimedId) && !isPastFence(run)) {
      report('fence', `${runId} completes with ${itemId}, but a 201 named ${claimedId}, which was never listed`);
    }
    const hasWatch = lateWatchMs !== undefined;
    if (run.guarantee !== 'none' && hasWatch) report('watch', `${runId} starts a late watch that is not needed`);
    if (run.guarantee === 'none' && run.resumed && !hasWatch) {
      report('watch', `${runId} was resumed, but starts no late watch`);
    }
    if (run.cancelRequestedAtLastResponse && run.absenceProven) {
      report('cancellation', `${runId} completes with ${itemId}, which appeared after absence was proven`);
    }
  }

  function checkClosing(run: RunRecord, { kind }: Conclusion) {
    const { runId } = run;
    run.closedWithoutTicket = true;
    if (liveTickets().length > 0) {
      report('proven closing', `${runId} closes as ${kind}, but live is ${liveIds().join(', ')}`);
    }
    if (!isPastFence(run)) report('proven closing', `${runId} closes as ${kind} before its fence`);
    if (kind === 'rejected' && !run.wasRejected) report('outcome', `${runId} was never rejected`);
    if (kind === 'cancelled' && !run.cancelRequested) report('cancellation', `nobody cancelled ${runId}`);
  }
}
