import { describe, expect, it } from '@jest/globals';
import { ApplicationFailure, ApplicationFailureCategory, CancelledFailure } from '@temporalio/common';
import { failures } from '../contracts/failures.ts';
import { logFailures, nextAttemptInMs } from './log-failures.ts';

const RETRIED = { attempt: 3, retryPolicy: { initialInterval: 100, maximumInterval: 1_000 } };

/** What is logged when an activity fails with this error. */
async function logged(error: unknown, cancelled = false) {
  const lines: (readonly [level: string, message: string, fields: object])[] = [];
  const write = (level: string) => (message: string, fields: object) => void lines.push([level, message, fields]);
  const context = {
    info: { activityType: 'withdraw', ...RETRIED },
    log: { info: write('info'), warn: write('warn') },
    cancellationSignal: cancelled ? AbortSignal.abort() : new AbortController().signal,
  };
  // It uses nothing else of the context.
  const { inbound } = logFailures(context as unknown as Parameters<typeof logFailures>[0]);
  const run = inbound?.execute?.({ args: [], headers: {} }, () => Promise.reject(error));
  await expect(run).rejects.toBe(error);
  return lines;
}

describe('a failed activity', () => {
  it('is logged with its error and the time of the next attempt', async () => {
    const error = new TypeError('x is undefined');
    expect(await logged(error)).toMatchObject([['warn', 'Activity failed', { error, nextAttemptInMs: 400 }]]);
  });

  it('is no error if the service refused what was asked for', async () => {
    const category = ApplicationFailureCategory.BENIGN;
    const refusal = ApplicationFailure.create({ message: 'too little money', type: 'OperationRefused', category });
    expect(await logged(refusal)).toMatchObject([
      ['info', 'withdraw: too little money', { refusal: 'OperationRefused' }],
    ]);
  });

  it('is not logged if it was cancelled, or is the outcome of a create, which logs itself', async () => {
    expect(await logged(new CancelledFailure('stopped'), true)).toEqual([]);
    expect(await logged(ApplicationFailure.nonRetryable('reset', failures.createOutcomeUnknown))).toEqual([]);
  });
});

describe('the next attempt', () => {
  it('comes after what the failure asks for, otherwise after what the policy says', () => {
    expect(nextAttemptInMs(ApplicationFailure.create({ nextRetryDelay: 286 }), RETRIED)).toBe(286);
    expect(nextAttemptInMs(new Error('bug'), RETRIED)).toBe(400);
    expect(nextAttemptInMs(new Error('bug'), { ...RETRIED, attempt: 9 })).toBe(1_000);
  });

  it('does not come if there is none', () => {
    expect(nextAttemptInMs(ApplicationFailure.nonRetryable('no'), RETRIED)).toBeUndefined();
    expect(nextAttemptInMs(new Error('bug'), { attempt: 1, retryPolicy: { maximumAttempts: 1 } })).toBeUndefined();
  });
});
