import { describe, expect, it } from '@jest/globals';
import { createLimits, timeLeftToSendMs, voidDeadline } from './timings.ts';

describe('the time left to send a request', () => {
  const request = { nowMs: 10_000, deadlineMs: 11_000, elapsedMs: 0, createDeadlineMs: 1_000 };

  it('ends by the wall clock when the task waited before a worker received it', () => {
    expect(timeLeftToSendMs({ ...request, nowMs: 10_600 })).toBe(400);
    expect(timeLeftToSendMs({ ...request, nowMs: 11_000 })).toBe(0);
    expect(timeLeftToSendMs({ ...request, nowMs: 11_001 })).toBe(-1);
  });

  it('ends by the monotonic clock when the wall clock was set back', () => {
    expect(timeLeftToSendMs({ ...request, nowMs: 4_000, elapsedMs: 400 })).toBe(600);
    expect(timeLeftToSendMs({ ...request, nowMs: 4_000, elapsedMs: 1_001 })).toBe(-1);
  });

  it('ends by the wall clock when the machine slept and the monotonic clock stopped', () => {
    expect(timeLeftToSendMs({ ...request, nowMs: 60_000, elapsedMs: 10 })).toBeLessThan(0);
  });
});

describe('the limits of a create', () => {
  it('allow one attempt, no start after the deadline, and no failure while the create may be in flight', () => {
    expect(createLimits(5_000, 700)).toEqual({
      maximumAttempts: 1,
      scheduleToStartMs: 5_000,
      startToCloseMs: 6_700,
    });
  });
});

describe('the deadline of a void without a keeper', () => {
  it('is one create deadline after its attempt was scheduled', () => {
    expect(voidDeadline(10_000, 1_000)).toBe(11_000);
  });
});
