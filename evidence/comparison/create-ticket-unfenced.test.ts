import { describe, expect, it } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/common';
import { failures } from '../../src/contracts/failures.ts';
import type { TicketActivities } from '../../src/contracts/ticket-activities.ts';
import { createTicketUnfenced } from './create-ticket-unfenced.ts';

const INPUT = { reservationId: 'R' };
const REQUEST = {
  orderId: 'order-1',
  credentials: { notIssuedBeforeMs: 0, validUntilMs: 0 },
  createDeadlineMs: 1_500,
};

/** An unfenced create over a product's create that fails with this type. */
function failing(type: string) {
  const failure = ApplicationFailure.nonRetryable('it failed', type);
  return createTicketUnfenced({ createTicket: () => Promise.reject(failure) })(INPUT, REQUEST);
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
    const sent: Parameters<TicketActivities['createTicket']>[1][] = [];
    let nowMs = 10_000;
    const createTicket: TicketActivities['createTicket'] = async (_, request) => {
      sent.push(request);
      return { itemId: 'TICKET-1' };
    };
    const create = createTicketUnfenced({ createTicket }, () => nowMs);
    await create(INPUT, REQUEST);
    nowMs = 20_000;
    await create(INPUT, REQUEST);
    expect(sent.map(({ deadlineMs }) => deadlineMs)).toEqual([11_500, 21_500]);
  });
});
