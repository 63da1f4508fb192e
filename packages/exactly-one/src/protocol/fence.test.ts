import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { deadlineOfEarlierRun, fenceOf, isPastFence, settlePauseMs } from './fence.ts';
import { voidDeadline } from './timings.ts';

describe('the fence', () => {
  it.each(['deadline', 'idempotency-key'] as const)('is the last deadline itself with guarantee %s', (guarantee) => {
    expect(fenceOf({ guarantee, lastDeadlineMs: 11_000 }, { settleMs: 2_000 })).toBe(11_000);
  });

  it('is the last deadline plus the time to settle with guarantee none', () => {
    expect(fenceOf({ guarantee: 'none', lastDeadlineMs: 11_000 }, { settleMs: 2_000 })).toBe(13_000);
  });

  it('leaves every create the time that the service may take to finish what it has accepted', () => {
    const timings = { settleMs: 2_000, acceptWithinMs: 60_000 };
    expect(fenceOf({ guarantee: 'deadline', lastDeadlineMs: 11_000 }, timings)).toBe(71_000);
    expect(fenceOf({ guarantee: 'none', lastDeadlineMs: 11_000 }, timings)).toBe(73_000);
  });

  it('is moved by a time that the service states to a later time, never to an earlier one', () => {
    const timings = { settleMs: 2_000, acceptWithinMs: 60_000 };
    const fence = (readyAtMs: number) => fenceOf({ guarantee: 'none', lastDeadlineMs: 11_000, readyAtMs }, timings);
    expect([fence(0), fence(71_000), fence(71_001)]).toEqual([73_000, 73_000, 73_001]);
  });

  it('is passed by a response more than the clock skew after it, to the millisecond', () => {
    expect(isPastFence(11_100, 11_000, 100)).toBe(false);
    expect(isPastFence(11_101, 11_000, 100)).toBe(true);
  });

  it('delays nothing when no create was sent', () => {
    expect(isPastFence(0, undefined, 100)).toBe(true);
  });

  it('of a resumed run is one create deadline and the clock skew after its start', () => {
    expect(deadlineOfEarlierRun(10_000, 1_000, 100)).toBe(11_100);
  });

  it('of a resumed run is never before a deadline that the earlier run gave, by a clock within the clock skew', () => {
    const earlier = fc.record({ scheduledAtMs: fc.nat(9_999), aheadMs: fc.nat(100) });
    fc.assert(
      fc.property(earlier, ({ scheduledAtMs, aheadMs }) => {
        const latestMs = deadlineOfEarlierRun(10_000, 1_000, 100);
        expect(scheduledAtMs + aheadMs + 1_000).toBeLessThanOrEqual(latestMs);
        expect(voidDeadline(scheduledAtMs + aheadMs, 1_000)).toBeLessThanOrEqual(latestMs);
      }),
      { seed: 112_358 },
    );
  });
});

describe('the pause before the next check while settling', () => {
  it('is short at first, doubles, and never exceeds five seconds', () => {
    const pauses = [0, 1, 2, 3, 4, 5, 6, 1_000].map((checks) => settlePauseMs(checks, 1_000_000));
    expect(pauses).toEqual([250, 500, 1_000, 2_000, 4_000, 5_000, 5_000, 5_000]);
  });

  it('ends just past the fence and no later', () => {
    expect(settlePauseMs(5, 80)).toBe(81);
    expect(isPastFence(11_020 + settlePauseMs(5, 80), 11_000, 100)).toBe(true);
  });

  it('is never zero or less, even past the fence', () => {
    expect(settlePauseMs(0, -1_000)).toBe(1);
  });
});
