import type { CreateExchange, CreateOutcome } from 'exactly-one';
import { type CheckedOrder, LONGEST_RETRY_AFTER_MS } from './checked-order.ts';
import { outcomeByTable } from './outcome-table.ts';
import { maySendBeside, type RunRecord } from './records.ts';

/** When a create is asked for and sent, what is made of its outcome, and what is waited for because of it. */
export function checkCreates({ orderId, timings, live, liveIds, recordOf, report }: CheckedOrder) {
  const requestIds = new Set<string>();
  const keyOfVoids = new Map<number, string>();

  return {
    /** The workflow asks for a create. */
    createAsked(runId: string, create: { readonly deadlineMs: number; readonly key: string }, nowMs: number) {
      const run = recordOf(runId);
      const seen = liveIds().filter((itemId) => run.listedLive.has(itemId));
      if (seen.length > 0) report('I4', `${seen.join(', ')}, seen, is live`);
      if (run.lastAnswer === undefined) report('fence', `${runId} creates before it has looked`);
      if (run.rejectionHeard) report('outcome', `${runId} creates again after a rejection`);
      if (run.earlierDeadlineMs !== undefined) report('fence', `${runId} creates before the fence of the run before`);
      else if (!maySendBeside(run, create.key))
        report('fence', `${runId} creates while an earlier create may still commit`);
      if (create.deadlineMs !== nowMs + timings.createDeadlineMs) {
        report('fence', `the deadline is ${create.deadlineMs - nowMs} ms ahead, not ${timings.createDeadlineMs}`);
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
      if (outcome.kind === 'committed' && !run.listed.has(outcome.itemId)) run.claimed = outcome.itemId;
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
      const hasLive = run.lastAnswer?.items.some(({ voided }) => !voided) === true;
      if (hasLive && !run.hasClaim && run.open.length === 0 && run.earlierDeadlineMs === undefined && !isClosing) {
        report('settling', `${runId} has found its ticket`);
      }
      const mayGoOn = run.earlierDeadlineMs === undefined && !isClosing && live().length === 0;
      const [first] = run.open;
      if (mayGoOn && first !== undefined && run.told === 'idempotency-key' && run.listedVoided.size === 0) {
        report('settling', `${runId} could send ${first.key} again`);
      }
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
}
