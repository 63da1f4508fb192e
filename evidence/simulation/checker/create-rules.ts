import type { CreateOutcome } from 'exactly-one';
import type { HttpExchange } from 'exactly-one/http';
import { outcomeByTable } from './outcome-table.ts';
import { MAX_RETRY_AFTER_MS, mayCreate, type OrderRecord, type RunRecord } from './records.ts';

/** When creates are requested and sent, how their outcomes are classified, and what an order waits for because of them. */
export function createRules({ orderId, timings, liveTickets, liveIds, recordOf, report }: OrderRecord) {
  const requestIds = new Set<string>();
  const keyAfterVoids = new Map<number, string>();

  return {
    /** The workflow decides to create. */
    createRequested(runId: string, create: { readonly deadlineMs: number; readonly key: string }, nowMs: number) {
      const run = recordOf(runId);
      if (run.resolution !== undefined) report('resolution', `${runId} creates after it was resolved`);
      const seenLive = liveIds().filter((itemId) => run.listedLive.has(itemId));
      if (seenLive.length > 0) report('I4', `${runId} has seen ${seenLive.join(', ')}, which is live`);
      if (run.lastResponse === undefined) report('fence', `${runId} creates before its first check`);
      if (run.wasRejected) report('outcome', `${runId} creates again after a rejection`);
      if (run.earlierRunDeadlineMs !== undefined) {
        report('fence', `${runId} creates before the fence of an earlier run`);
      } else if (!mayCreate(run, create.key)) {
        report('fence', `${runId} creates while an earlier create may still commit`);
      }
      if (create.deadlineMs !== nowMs + timings.createDeadlineMs) {
        report('fence', `the deadline is in ${create.deadlineMs - nowMs} ms instead of ${timings.createDeadlineMs}`);
      }
      if (nowMs < run.notBeforeMs) report('pause', `${runId} creates ${run.notBeforeMs - nowMs} ms too early`);
      checkKey(run, create.key);
      run.createsRequested += 1;
      run.unresolved = [...run.unresolved, create];
      run.deadlinesMs.push(create.deadlineMs);
      run.claimedId = undefined;
    },

    /** The request leaves the worker. The times count from its deadline. */
    createSent(requestId: string, late: { readonly byWallClockMs: number; readonly byMonotonicMs: number }) {
      if (requestIds.has(requestId)) report('I3', requestId);
      requestIds.add(requestId);
      if (late.byWallClockMs > 0 || late.byMonotonicMs > 0) {
        report('deadline', `${requestId} is sent ${Math.max(late.byWallClockMs, late.byMonotonicMs)} ms too late`);
      }
    },

    /** The worker classifies what it received. */
    outcomeClassified(exchange: HttpExchange, outcome: CreateOutcome) {
      const expected = outcomeByTable(exchange);
      const isExpected = Object.entries(expected).every(([name, value]) => Reflect.get(outcome, name) === value);
      if (!isExpected) {
        report('outcome', `${JSON.stringify(exchange)} is ${JSON.stringify(expected)}, not ${JSON.stringify(outcome)}`);
      }
    },

    /** The workflow receives the outcome. */
    outcomeReceived(runId: string, outcome: CreateOutcome, nowMs: number) {
      const run = recordOf(runId);
      if ('retryAfterMs' in outcome) {
        run.notBeforeMs = nowMs + Math.min(outcome.retryAfterMs ?? 0, MAX_RETRY_AFTER_MS);
      }
      if (outcome.kind === 'rejected') run.wasRejected = true;
      if (outcome.kind === 'accepted') {
        run.readyAtMs = Math.max(run.readyAtMs, outcome.readyAtMs ?? 0);
        run.unresolved = run.unresolved.map((each, index, all) =>
          index === all.length - 1 ? { ...each, accepted: true } : each,
        );
      }
      if (outcome.kind === 'committed') run.hadCommit = true;
      if (outcome.kind === 'committed' && !run.listed.has(outcome.itemId)) run.claimedId = outcome.itemId;
      if (outcome.kind === 'not sent') {
        run.unresolved = run.unresolved.slice(0, -1);
        run.deadlinesMs.pop();
      }
    },

    /** The workflow starts to wait for its fence. */
    settlingStarted(runId: string) {
      const run = recordOf(runId);
      const { lastResponse, unresolved } = run;
      const isClosing = run.cancelRequested || run.wasRejected;
      if (isClosing || run.earlierRunDeadlineMs !== undefined) return;
      if (!run.resumed && lastResponse !== undefined && run.createsRequested === 0) {
        report('settling', `${runId} has created nothing, and follows no earlier run`);
      }
      const foundLive = lastResponse?.items.some(({ voided }) => !voided) === true;
      if (foundLive && !run.hadCommit && unresolved.length === 0) {
        report('settling', `${runId} has found its ticket`);
      }
      const [first] = unresolved;
      const isAccepted = unresolved.some(({ accepted }) => accepted === true);
      const canCreateAgain = run.guarantee === 'idempotency-key' && run.listedVoided.size === 0 && !isAccepted;
      if (first !== undefined && canCreateAgain && liveTickets().length === 0) {
        report('settling', `${runId} could create again with key ${first.key}`);
      }
    },
  };

  function checkKey(run: RunRecord, key: string) {
    const voids = run.listedVoided.size;
    const before = keyAfterVoids.get(voids);
    const isReused = [...keyAfterVoids].some(([count, each]) => count !== voids && each === key);
    if ((before !== undefined && before !== key) || isReused || !key.startsWith(`${orderId}/`)) {
      report('key', `after ${voids} voids it is ${key}; before it was ${before ?? 'none'}`);
    }
    keyAfterVoids.set(voids, key);
  }
}
