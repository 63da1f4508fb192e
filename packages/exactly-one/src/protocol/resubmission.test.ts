import { describe, expect, it } from '@jest/globals';
import { decideSubmission, runStatus } from './resubmission.ts';

describe('a submission of an order', () => {
  it('starts a new order, with nothing to resume, and only if it is still new', () => {
    expect(decideSubmission('order-1', 'none')).toEqual({
      kind: 'start',
      workflowId: 'order-1',
      resumed: false,
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      workflowIdConflictPolicy: 'FAIL',
    });
  });

  it.each(['running', 'completed'] as const)(
    'attaches to an order that is %s, so that both get the same ticket',
    (status) => {
      expect(decideSubmission('order-1', status)).toEqual({ kind: 'attach' });
    },
  );

  it('restarts an order that closed without a result, under the same id, and tells the new run about the old one', () => {
    expect(decideSubmission('order-1', 'closed without a result')).toEqual({
      kind: 'start',
      workflowId: 'order-1',
      resumed: true,
      workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
      workflowIdConflictPolicy: 'FAIL',
    });
  });
});

describe('the latest run of an order', () => {
  it.each([
    ['RUNNING', 'running'],
    ['PAUSED', 'running'],
    ['CONTINUED_AS_NEW', 'running'],
    ['COMPLETED', 'completed'],
    ['FAILED', 'closed without a result'],
    ['CANCELLED', 'closed without a result'],
    ['TERMINATED', 'closed without a result'],
    ['TIMED_OUT', 'closed without a result'],
  ])('with the status %s counts as %s', (temporalStatus, status) => {
    expect(runStatus(temporalStatus)).toBe(status);
  });
});
