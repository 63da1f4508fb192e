import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  createLimits,
  deadlineOfEarlierRun,
  fenceOf,
  isFresh,
  isPastFence,
  sendTimeLeftMs,
  settlePauseMs,
  voidDeadline,
} from './fence.ts';

describe('the fence', () => {
  it.each(['deadline', 'idempotency-key'] as const)('is the last deadline itself with guarantee %s', (guarantee) => {
    expect(fenceOf(11_000, guarantee, 2_000)).toBe(11_000);
  });

  it('is the last deadline and the time to settle with guarantee none', () => {
    expect(fenceOf(11_000, 'none', 2_000)).toBe(13_000);
  });

  it('is passed by an answer more than the skew after it, to the millisecond', () => {
    expect(isPastFence(11_100, 11_000, 100)).toBe(false);
    expect(isPastFence(11_101, 11_000, 100)).toBe(true);
  });

  it('does not hold anything up when nothing was sent', () => {
    expect(isPastFence(0, undefined, 100)).toBe(true);
  });

  it('of a resumed run lies a whole create and the skew after its start', () => {
    expect(deadlineOfEarlierRun(10_000, 1_000, 100)).toBe(11_100);
  });

  it('of a resumed run lies behind every deadline that the earlier run can have given, on a clock within the skew', () => {
    const before = fc.record({ scheduledAtMs: fc.nat(9_999), aheadMs: fc.nat(100) });
    fc.assert(
      fc.property(before, ({ scheduledAtMs, aheadMs }) => {
        const latestMs = deadlineOfEarlierRun(10_000, 1_000, 100);
        expect(scheduledAtMs + aheadMs + 1_000).toBeLessThanOrEqual(latestMs);
        expect(voidDeadline(scheduledAtMs + aheadMs, 1_000)).toBeLessThanOrEqual(latestMs);
      }),
      { seed: 112_358 },
    );
  });

  it('holds a cancelling void too: it ends a whole create after it was scheduled', () => {
    expect(voidDeadline(10_000, 1_000)).toBe(11_000);
  });
});

describe('a fresh answer', () => {
  const fresh = (asOfMs: number) => isFresh({ asOfMs, requestedAtMs: 10_000, receivedAtMs: 10_500, clockSkewMs: 100 });

  it('is at most the skew older than the request', () => {
    expect(fresh(9_900)).toBe(true);
    expect(fresh(9_899)).toBe(false);
  });

  it('is at most the skew younger than its receipt', () => {
    expect(fresh(10_600)).toBe(true);
    expect(fresh(10_601)).toBe(false);
  });

  it('has a time', () => {
    expect(fresh(Number.NaN)).toBe(false);
  });
});

describe('the time left to send', () => {
  const send = { nowMs: 10_000, deadlineMs: 11_000, elapsedMs: 0, createDeadlineMs: 1_000 };

  it('ends by the wall clock when the task waited before it was taken', () => {
    expect(sendTimeLeftMs({ ...send, nowMs: 10_600 })).toBe(400);
    expect(sendTimeLeftMs({ ...send, nowMs: 11_000 })).toBe(0);
    expect(sendTimeLeftMs({ ...send, nowMs: 11_001 })).toBe(-1);
  });

  it('ends by the monotonic clock when the wall clock was set back', () => {
    expect(sendTimeLeftMs({ ...send, nowMs: 4_000, elapsedMs: 400 })).toBe(600);
    expect(sendTimeLeftMs({ ...send, nowMs: 4_000, elapsedMs: 1_001 })).toBe(-1);
  });

  it('ends by the wall clock when the machine slept and the monotonic clock stood', () => {
    expect(sendTimeLeftMs({ ...send, nowMs: 60_000, elapsedMs: 10 })).toBeLessThan(0);
  });
});

describe('the time-outs of a create', () => {
  it('let no worker take it after its deadline, and wait for a dead one until nothing more can come', () => {
    expect(createLimits(5_000, 700)).toEqual({
      maximumAttempts: 1,
      scheduleToStartMs: 5_000,
      startToCloseMs: 6_700,
    });
  });
});

describe('the pause before the next look while settling', () => {
  it('is short at first, doubles, and never grows beyond five seconds', () => {
    const pauses = [0, 1, 2, 3, 4, 5, 6, 1_000].map((checks) => settlePauseMs(checks, 1_000_000));
    expect(pauses).toEqual([250, 500, 1_000, 2_000, 4_000, 5_000, 5_000, 5_000]);
  });

  it('reaches just past the fence and no further', () => {
    expect(settlePauseMs(5, 80)).toBe(81);
    expect(isPastFence(11_020 + settlePauseMs(5, 80), 11_000, 100)).toBe(true);
  });

  it('is never zero or less, even past the fence', () => {
    expect(settlePauseMs(0, -1_000)).toBe(1);
  });
});
