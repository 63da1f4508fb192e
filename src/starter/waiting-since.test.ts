import { describe, expect, test } from '@jest/globals';
import { firstStartMs } from './waiting-since.ts';

type Run = Parameters<typeof firstStartMs>[0];
type StatusName = Run['status']['name'];

const run = (startedAtMs: number, name: StatusName): Run => ({
  ...{ workflowId: 'order-7', runId: `run-${startedAtMs}`, startTime: new Date(startedAtMs) },
  status: { name, code: 0 },
});
const OPEN = run(9_000, 'RUNNING');
const never = async () => false;

describe('an open order waits since the start of', () => {
  test('its run, when there is no other', async () => {
    expect(await firstStartMs(OPEN, [], never)).toBe(9_000);
    expect(await firstStartMs(OPEN, [OPEN], never)).toBe(9_000);
  });

  test.each(['CONTINUED_AS_NEW', 'TERMINATED', 'TIMED_OUT', 'FAILED'] as const)(
    'its first run, when an earlier one is %s without having found out what exists',
    async (name) => {
      const runs = [run(5_000, name), OPEN, run(1_000, 'TERMINATED')];
      expect(await firstStartMs(OPEN, runs, never)).toBe(1_000);
    },
  );

  test.each(['COMPLETED', 'CANCELLED', 'FAILED'] as const)(
    'the first run after one that is %s and has found out',
    async (name) => {
      const runs = [run(1_000, 'TERMINATED'), run(3_000, name), run(5_000, 'CONTINUED_AS_NEW'), OPEN];
      expect(await firstStartMs(OPEN, runs, async () => true)).toBe(5_000);
    },
  );

  test('its run, when a later one has begun in the meantime', async () => {
    expect(await firstStartMs(OPEN, [run(9_500, 'RUNNING')], never)).toBe(9_000);
  });
});
