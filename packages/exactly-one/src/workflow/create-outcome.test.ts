import { describe, expect, it } from '@jest/globals';
import {
  ActivityFailure,
  ApplicationFailure,
  CancelledFailure,
  RetryState,
  TimeoutFailure,
  TimeoutType,
} from '@temporalio/common';
import { failures } from '../contract/index.ts';
import { outcomeOfFailure } from './create-outcome.ts';

/** The failure of a create as a workflow gets it. */
function failed(cause: Error): ActivityFailure {
  return new ActivityFailure(
    'Activity task failed',
    'createItem',
    '1',
    RetryState.MAXIMUM_ATTEMPTS_REACHED,
    'worker',
    cause,
  );
}
const timedOut = (type: TimeoutType) => failed(new TimeoutFailure('timed out', undefined, type));
const reported = (type: string, details?: object) =>
  failed(ApplicationFailure.nonRetryable('it failed', type, ...(details === undefined ? [] : [details])));

describe('the outcome of a create', () => {
  it('is not sent when no worker took it before its deadline', () => {
    expect(outcomeOfFailure(timedOut(TimeoutType.SCHEDULE_TO_START)).kind).toBe('not sent');
  });

  it.each([TimeoutType.START_TO_CLOSE, TimeoutType.SCHEDULE_TO_CLOSE, TimeoutType.HEARTBEAT])(
    'is unknown after the time-out %s: a worker had it',
    (type) => {
      expect(outcomeOfFailure(timedOut(type)).kind).toBe('unknown');
    },
  );

  it('is unknown when the activity was cancelled, its worker was shut down, or it has a bug', () => {
    expect(outcomeOfFailure(failed(new CancelledFailure('cancelled'))).kind).toBe('unknown');
    expect(outcomeOfFailure(reported('WorkerShutdown')).kind).toBe('unknown');
    expect(outcomeOfFailure(reported('TypeError')).kind).toBe('unknown');
  });

  it('is what the activity reports, with all that the loop needs of it', () => {
    expect(outcomeOfFailure(reported(failures.createNotSent, { reason: 'open', retryAfterMs: 7 }))).toEqual({
      kind: 'not sent',
      reason: 'open',
      retryAfterMs: 7,
    });
    expect(outcomeOfFailure(reported(failures.createRejected, { reason: 'no', code: 'PAYMENT_DECLINED' }))).toEqual({
      kind: 'rejected',
      reason: 'no',
      code: 'PAYMENT_DECLINED',
    });
    expect(outcomeOfFailure(reported(failures.createOutcomeUnknown, { reason: 'reset', retryAfterMs: 7 }))).toEqual({
      kind: 'unknown',
      reason: 'reset',
      retryAfterMs: 7,
    });
  });

  it.each([
    ['a text', 'details'],
    ['null', null],
    ['a reason that is no text', { reason: { toString: 1 } }],
    ['a pause that is no number', { reason: 'busy', retryAfterMs: 'soon' }],
    ['a reason of 1.5 MB', { reason: 'x'.repeat(1_500_000) }],
  ])('does not depend on details that are %s', (_, details) => {
    const cause = ApplicationFailure.nonRetryable('it failed', failures.createNotSent, details);
    expect(outcomeOfFailure(failed(cause))).toEqual({ kind: 'not sent', reason: 'it failed' });
  });

  it('is of the kind that the type of the failure says, whatever the details say', () => {
    const details = { reason: 'reset', kind: 'committed', itemId: 'T-1' };
    expect(outcomeOfFailure(reported(failures.createOutcomeUnknown, details))).toEqual({
      kind: 'unknown',
      reason: 'reset',
    });
  });

  it('has a short reason, however long the message of the failure is', () => {
    const long = 'x'.repeat(1_500_000);
    for (const cause of [ApplicationFailure.nonRetryable(long, 'TypeError'), new CancelledFailure(long)]) {
      const { reason } = Object(outcomeOfFailure(failed(cause)));
      expect(reason.length).toBeLessThan(600);
    }
  });

  it('does not hide an error of the workflow itself', () => {
    const bug = new TypeError('of the workflow');
    expect(() => outcomeOfFailure(bug)).toThrow(bug);
  });
});
