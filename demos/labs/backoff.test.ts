import { expect, test } from '@jest/globals';
import { runBackoff } from './backoff.ts';

const SEED = 112_358;

test('clients without jitter all come back at once, with full jitter far apart', async () => {
  const { ok, figures } = await runBackoff({ seed: SEED });
  const { clients, withoutJitter, withJitter } = figures;
  expect(ok).toBe(true);
  expect(withoutJitter.peak).toBe(clients);
  expect(withoutJitter.peakAfterOutage).toBe(clients);
  expect(withJitter.peak).toBeLessThan(clients / 5);
  expect(withJitter.peakAfterOutage).toBeLessThan(clients / 20);
});

test('every request of every client is counted, and each client succeeds after the outage', async () => {
  const { withoutJitter, withJitter, clients } = (await runBackoff({ seed: SEED })).figures;
  // After 1, 3 and 7 seconds.
  expect(withoutJitter.requests).toBe(3 * clients);
  expect(withoutJitter.allServedAtMs).toBe(7_000);
  for (const { requestsOfBuckets, requests } of [withoutJitter, withJitter]) {
    expect(requestsOfBuckets.reduce((sum, some) => sum + some, 0)).toBe(requests);
    expect(requestsOfBuckets.slice(50).reduce((sum, some) => sum + some, 0)).toBe(clients);
  }
});

test('delays double up to their cap, and with jitter are half as long on average', async () => {
  const { delaysOfRounds } = (await runBackoff({ seed: SEED })).figures;
  expect(delaysOfRounds.map(({ withoutJitterMs }) => withoutJitterMs)).toEqual([
    1_000, 2_000, 4_000, 8_000, 10_000, 10_000,
  ]);
  for (const { withoutJitterMs, meanWithJitterMs, mostWithJitterMs } of delaysOfRounds) {
    expect(meanWithJitterMs / withoutJitterMs).toBeCloseTo(0.5, 1);
    expect(mostWithJitterMs).toBeLessThan(withoutJitterMs);
  }
});

test('the same seed gives the same figures, another seed gives others', async () => {
  const one = await runBackoff({ seed: 1 });
  expect(await runBackoff({ seed: 1 })).toEqual(one);
  expect((await runBackoff({ seed: 2 })).figures).not.toEqual(one.figures);
});
