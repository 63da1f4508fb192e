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
import { payloadConverter } from 'exactly-one/client';
import { failures } from '../contracts/failures.ts';
import type { OrderResult } from '../contracts/order.ts';
import { endingOf } from './ending.ts';
import { orderKind } from './order.ts';
import { transferKind } from './transfer.ts';

const RESULT: OrderResult = {
  orderId: 'order-7',
  reservationId: 'R-7',
  ticketId: 'TICKET-7',
  createAttempts: 1,
  voidedTicketIds: [],
};

/** The ending of an order for which the client throws this. */
function endingAfter(error: unknown) {
  return endingOf(orderKind, { result: () => Promise.reject(error) });
}

/** The ending of an order whose workflow closed for this cause. */
function endingBy(cause: Error | undefined) {
  return endingAfter(new WorkflowFailedError('Workflow execution failed', cause, RetryState.NON_RETRYABLE_FAILURE));
}

describe('an order that has ended', () => {
  test('successfully has its result', async () => {
    expect(await endingOf(orderKind, { result: async () => RESULT })).toEqual({ kind: 'result', result: RESULT });
  });

  test.each([
    [failures.orderRejected, 'ORDER_REJECTED'],
    [failures.orderInvalid, 'ORDER_INVALID'],
    [failures.orderCancelled, 'CANCELLED'],
    [failures.givenUp, 'GIVEN_UP'],
    [failures.serviceUnavailable, 'FAILED'],
  ])('with the failure %s has the code %s and its message', async (type, code) => {
    expect(await endingBy(ApplicationFailure.nonRetryable('the reason', type))).toEqual({
      kind: 'no result',
      error: 'the reason',
      code,
    });
  });

  test.each([
    ['null', null],
    ['nothing', undefined],
    ['the result of another program', { ticketId: 7 }],
    ['a payload that cannot be decoded', payloadConverter.fromPayload({ data: Uint8Array.of(1) })],
  ])('with %s was not an order: nothing is said about a ticket', async (_, result) => {
    const ending = await endingOf<OrderResult>(orderKind, { result: async () => result as OrderResult });
    expect(ending).toMatchObject({ code: 'RESULT_INVALID', error: expect.stringContaining('of another program') });
    expect(orderKind.failures.headline('RESULT_INVALID')).toBe('unknown');
  });

  test('with a failure of 1.5 MB, or of a type that is no text of ours, shows the beginning of its message', async () => {
    const failure = ApplicationFailure.nonRetryable('x'.repeat(1_500_000), 'constructor');
    const ending = await endingBy(failure);
    expect(ending).toMatchObject({ code: 'FAILED', error: expect.stringMatching(/^x+…$/) });
    expect(JSON.stringify(ending).length).toBeLessThan(3_000);
  });

  test('by cancellation says that it has no ticket', async () => {
    const error = 'the order was cancelled and has no ticket';
    expect(await endingBy(new CancelledFailure('cancelled'))).toMatchObject({ error, code: 'CANCELLED' });
  });

  test('by termination says that a ticket may exist and how to find out', async () => {
    expect(await endingBy(new TerminatedFailure('by a colleague'))).toMatchObject({
      error: expect.stringMatching(/may or may not have a ticket; submit it again to find out/),
      code: 'TERMINATED',
    });
  });

  test('by a timeout has its own code', async () => {
    const timeout = new TimeoutFailure('Workflow execution timed out', undefined, TimeoutType.START_TO_CLOSE);
    expect(await endingBy(timeout)).toMatchObject({ error: 'Workflow execution timed out', code: 'TIMED_OUT' });
  });

  test('with a failure that has causes reports the messages of all of them', async () => {
    const inner = ApplicationFailure.nonRetryable('connect ECONNREFUSED', failures.serviceUnavailable);
    const activity = new ActivityFailure('Activity task failed', 'getToken', '1', RetryState.TIMEOUT, 'worker', inner);
    expect(await endingBy(activity)).toMatchObject({
      error: 'Activity task failed: connect ECONNREFUSED',
      code: 'FAILED',
    });
  });

  test('with a failure without a cause reports the message of the client', async () => {
    expect(await endingBy(undefined)).toMatchObject({ error: 'Workflow execution failed', code: 'FAILED' });
  });
});

describe('an order whose end is unknown because the connection was lost', () => {
  test.each([new Error('14 UNAVAILABLE'), '14 UNAVAILABLE'])('is reported as still running', async (error) => {
    expect(await endingAfter(error)).toEqual({
      kind: 'no result',
      error: 'lost the connection to Temporal, the order is still running: 14 UNAVAILABLE',
      code: 'TEMPORAL_UNREACHABLE',
    });
  });
});

test('a transfer that is unresolved has a code of its own, and nobody knows where its money is', async () => {
  const cause = ApplicationFailure.nonRetryable('the key is in use', failures.transferUnresolved);
  const ended = new WorkflowFailedError('Workflow execution failed', cause, RetryState.NON_RETRYABLE_FAILURE);
  expect(await endingOf(transferKind, { result: () => Promise.reject(ended) })).toEqual({
    kind: 'no result',
    error: 'the key is in use',
    code: 'TRANSFER_UNRESOLVED',
  });
  expect(transferKind.failures.headline('TRANSFER_UNRESOLVED')).toBe('unknown');
});
