import { sleep } from '@temporalio/workflow';

/** Starts timers one after the other; returns how long each took by the workflow's clock. */
export async function timers(count: number, sleepMs: number): Promise<number[]> {
  const tookMs: number[] = [];
  for (let n = 0; n < count; n += 1) {
    const startedAt = Date.now();
    await sleep(sleepMs);
    tookMs.push(Date.now() - startedAt);
  }
  return tookMs;
}
