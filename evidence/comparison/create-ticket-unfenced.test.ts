import { describe, expect, it } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/common';
import { failures } from '../../src/contracts/failures.ts';
import type { CreateTicketRequest } from '../../src/contracts/ticket-activities.ts';
import { createTicketUnfenced } from './create-ticket-unfenced.ts';

const REQUEST = {
  orderId: 'order-1',
  reservationId: 'R',
  token: { notIssuedBeforeMs: 0, validUntilMs: 0 },
  createDeadlineMs: 1_500,
};

/** An unfenced create over a product's create that fails with this type. */
function failing(type: string) {
  const failure = ApplicationFailure.nonRetryable('it failed', type);
  return createTicketUnfenced({ createTicket: () => Promise.reject(failure) })(REQUEST);
}

describe('an unfenced create', () => {
  it.each([failures.createOutcomeUnknown, failures.createNotSent])(
    'lets Temporal retry after %s, which the product handles itself',
    async (type) => {
      await expect(failing(type)).rejects.toMatchObject({ nonRetryable: false, message: 'it failed' });
    },
  );

  it('is not retried after a rejection', async () => {
    await expect(failing(failures.createRejected)).rejects.toMatchObject({ nonRetryable: true });
  });

  it('has a deadline counted from the start of each attempt', async () => {
    const sent: CreateTicketRequest[] = [];
    let nowMs = 10_000;
    const createTicket = async (request: CreateTicketRequest) => {
      sent.push(request);
      return { ticketId: 'TICKET-1' };
    };
    const create = createTicketUnfenced({ createTicket }, () => nowMs);
    await create(REQUEST);
    nowMs = 20_000;
    await create(REQUEST);
    expect(sent.map(({ deadlineMs }) => deadlineMs)).toEqual([11_500, 21_500]);
  });
});
