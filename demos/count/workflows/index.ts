import { proxyActivities, sleep } from '@temporalio/workflow';

interface Activities {
  say(n: number): Promise<void>;
}

const { say } = proxyActivities<Activities>({ startToCloseTimeout: '10s' });

/** Temporal knows how far it is. */
export async function countToTen(): Promise<void> {
  for (let n = 1; n <= 10; n += 1) {
    await say(n);
    await sleep(800);
  }
}
