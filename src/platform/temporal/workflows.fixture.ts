import { sleep } from '@temporalio/workflow';

/** Starts timers one after the other. */
export async function timers(count: number, sleepMs: number): Promise<void> {
  for (let n = 0; n < count; n += 1) await sleep(sleepMs);
}
