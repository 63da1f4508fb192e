import { condition, defineSignal, setHandler, sleep } from '@temporalio/workflow';
import { messages } from '../contract/index.ts';
import { LEAST_PAUSE_MS } from '../protocol/fence.ts';
import type { Continuation } from './continue-as-new.ts';

/** Anybody who reaches the Temporal server can send it, as often as he likes. */
const checkNowSignal = defineSignal<unknown[]>(messages.checkNow);

/**
 * How an order sleeps before its next check while it settles. The signal `checkNow`, say from a webhook of the service,
 * ends the sleep, but no sooner than `LEAST_PAUSE_MS` after it began: a flood of signals must not become a flood of
 * checks. What the signal says is not believed, so it needs no arguments.
 * @param summaryNow what the order waits for, for Temporal's UI; at most 400 bytes
 */
export function createSleepUntilCheck(continuation: Continuation, summaryNow: () => string) {
  let isAskedToCheck = false;
  setHandler(checkNowSignal, () => {
    isAskedToCheck = true;
  });

  return (ms: number): Promise<void> =>
    continuation.interruptible(async () => {
      const startedAtMs = Date.now();
      const summary = summaryNow();
      await condition(() => isAskedToCheck, ms, { summary });
      const restMs = Math.min(ms, LEAST_PAUSE_MS) - (Date.now() - startedAtMs);
      if (restMs > 0) await sleep(restMs, { summary });
      // Whatever was signalled until now, the check that follows covers it.
      isAskedToCheck = false;
    });
}
