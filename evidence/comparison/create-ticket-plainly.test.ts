import { describe, expect, it } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/common';
import { failures } from '../../src/contracts/failures.ts';
import type { CreateTicketRequest } from '../../src/contracts/ticket-activities.ts';
import { createTicketPlainly } from './create-ticket-plainly.ts';

const REQUEST = { orderId: 'order-1', reservationId: 'R', token: 'T', createDeadlineMs: 1_500 };

/** The plain create over a product's create that fails so. */
function failing(type: string) {
  const failure = ApplicationFailure.nonRetryable('it failed', type);
  return createTicketPlainly({ createTicket: () => Promise.reject(failure) })(REQUEST);
}

describe('the create of a strategy that knows no fence', () => {
  it.each([failures.createOutcomeUnknown, failures.createNotSent])(
    'leaves it to Temporal to send again after %s, which the product decides itself',
    async (type) => {
      await expect(failing(type)).rejects.toMatchObject({ nonRetryable: false, message: 'it failed' });
    },
  );

  it('believes a refusal', async () => {
    await expect(failing(failures.createRejected)).rejects.toMatchObject({ nonRetryable: true });
  });

  it('has its whole time from when it begins, however often it was tried before', async () => {
    const sent: CreateTicketRequest[] = [];
    let nowMs = 10_000;
    const createTicket = async (request: CreateTicketRequest) => {
      sent.push(request);
      return { ticketId: 'TICKET-1' };
    };
    const plainly = createTicketPlainly({ createTicket }, () => nowMs);
    await plainly(REQUEST);
    nowMs = 20_000;
    await plainly(REQUEST);
    expect(sent.map(({ deadlineMs }) => deadlineMs)).toEqual([11_500, 21_500]);
  });
});
