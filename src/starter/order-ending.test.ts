import { describe, expect, test } from '@jest/globals';
import { WorkflowFailedError } from '@temporalio/client';
import {
  ActivityFailure,
  ApplicationFailure,
  CancelledFailure,
  RetryState,
  TerminatedFailure,
  TimeoutFailure,
  TimeoutType,
} from '@temporalio/common';
import { failures } from '../contracts/failures.ts';
import { endingOf } from './order-ending.ts';

const RESULT = {
  orderId: 'order-7',
  reservationId: 'R-7',
  ticketId: 'TICKET-7',
  createAttempts: 1,
  voidedTicketIds: [],
};

/** The ending of an order of which the client says this. */
function endingAfter(error: unknown) {
  return endingOf('order-7', { result: () => Promise.reject(error) });
}

/** The ending of an order whose workflow closed so. */
function endingBy(cause: Error | undefined) {
  return endingAfter(new WorkflowFailedError('Workflow execution failed', cause, RetryState.NON_RETRYABLE_FAILURE));
}

describe('an order that has ended', () => {
  test('with its result has its ticket', async () => {
    expect(await endingOf('order-7', { result: async () => RESULT })).toEqual({ kind: 'ticket', result: RESULT });
  });

  test.each([
    [failures.orderRejected, 'ORDER_REJECTED'],
    [failures.orderInvalid, 'ORDER_INVALID'],
    [failures.orderCancelled, 'CANCELLED'],
    [failures.givenUp, 'GIVEN_UP'],
    [failures.serviceUnavailable, 'FAILED'],
  ])('by the failure %s has the code %s and that message', async (type, code) => {
    expect(await endingBy(ApplicationFailure.nonRetryable('the reason', type))).toEqual({
      kind: 'no ticket',
      orderId: 'order-7',
      error: 'the reason',
      code,
    });
  });

  test('as cancelled says that it has no ticket', async () => {
    const error = 'the order was cancelled; it has no ticket';
    expect(await endingBy(new CancelledFailure('cancelled'))).toMatchObject({ error, code: 'CANCELLED' });
  });

  test('as terminated says that nobody knows and how to find out', async () => {
    expect(await endingBy(new TerminatedFailure('by a colleague'))).toMatchObject({
      error: expect.stringMatching(/nobody knows whether a ticket exists; submit it again/),
      code: 'TERMINATED',
    });
  });

  test('by a time-out has a code of its own', async () => {
    const timeout = new TimeoutFailure('Workflow execution timed out', undefined, TimeoutType.START_TO_CLOSE);
    expect(await endingBy(timeout)).toMatchObject({ error: 'Workflow execution timed out', code: 'TIMED_OUT' });
  });

  test('by a failure that has causes says all of them', async () => {
    const inner = ApplicationFailure.nonRetryable('connect ECONNREFUSED', failures.serviceUnavailable);
    const activity = new ActivityFailure('Activity task failed', 'getToken', '1', RetryState.TIMEOUT, 'worker', inner);
    expect(await endingBy(activity)).toMatchObject({
      error: 'Activity task failed: connect ECONNREFUSED',
      code: 'FAILED',
    });
  });

  test('by a failure without a cause says what the client said', async () => {
    expect(await endingBy(undefined)).toMatchObject({ error: 'Workflow execution failed', code: 'FAILED' });
  });
});

describe('an order whose end cannot be seen', () => {
  test.each([new Error('14 UNAVAILABLE'), '14 UNAVAILABLE'])('is said to go on', async (error) => {
    expect(await endingAfter(error)).toEqual({
      kind: 'no ticket',
      orderId: 'order-7',
      error: 'the connection to Temporal is lost, the order goes on: 14 UNAVAILABLE',
      code: 'TEMPORAL_UNREACHABLE',
    });
  });
});
