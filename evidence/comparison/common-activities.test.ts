import { describe, expect, it } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/common';
import { failures } from '../../src/contracts/failures.ts';
import type { TicketActivities } from '../../src/contracts/ticket-activities.ts';
import { commonActivities } from './common-activities.ts';

const INPUT = { reservationId: 'R' };
const REQUEST = {
  orderId: 'order-01',
  credentials: { notIssuedBeforeMs: 0, validUntilMs: 0 },
  createDeadlineMs: 1_500,
};

const noList = () => Promise.reject(new Error('it lists nothing'));

/** An unfenced create over a product's create that fails with this type. */
function failing(type: string) {
  const failure = ApplicationFailure.nonRetryable('it failed', type);
  const activities = commonActivities({ createTicket: () => Promise.reject(failure), listTickets: noList });
  return activities.createTicketUnfenced(INPUT, REQUEST);
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
    const { createTicketUnfenced } = commonActivities({ createTicket, listTickets: noList, nowMs: () => nowMs });
    await createTicketUnfenced(INPUT, REQUEST);
    nowMs = 20_000;
    await createTicketUnfenced(INPUT, REQUEST);
    expect(sent.map(({ deadlineMs }) => deadlineMs)).toEqual([11_500, 21_500]);
  });
});

describe('a create with a key per attempt', () => {
  it('has another key in each attempt', async () => {
    const keys: [string, string][] = [];
    const createTicket: TicketActivities['createTicket'] = async (_, { guarantee, idempotencyKey }) => {
      keys.push([guarantee, idempotencyKey]);
      return { itemId: 'TICKET-1' };
    };
    for (const attempt of [1, 2]) {
      const options = { createTicket, listTickets: noList, attempt: () => ({ activityType: 'create', attempt }) };
      await commonActivities(options).createTicketWithKeyPerAttempt(INPUT, REQUEST);
    }
    expect(keys).toEqual([
      ['idempotency-key', 'order-01-create-1'],
      ['idempotency-key', 'order-01-create-2'],
    ]);
  });
});

describe('a check before the create', () => {
  const item = (itemId: string, voided: boolean) => ({
    ...{ orderId: 'order-01', reservationId: 'R', itemId, createdAtMs: 1, voided },
  });
  const checking = (...items: readonly ReturnType<typeof item>[]) =>
    commonActivities({
      createTicket: async () => ({ itemId: 'TICKET-NEW' }),
      listTickets: async () => items,
    }).checkThenCreateTicket(INPUT, REQUEST);

  it('takes the ticket that is listed, and creates none', async () => {
    expect(await checking(item('TICKET-1', true), item('TICKET-2', false))).toEqual({ itemId: 'TICKET-2' });
  });

  it('creates one if no live ticket is listed', async () => {
    expect(await checking(item('TICKET-1', true))).toEqual({ itemId: 'TICKET-NEW' });
  });

  it('creates none if the list cannot be read', async () => {
    const created: string[] = [];
    const createTicket = async () => {
      created.push('TICKET-NEW');
      return { itemId: 'TICKET-NEW' };
    };
    const { checkThenCreateTicket } = commonActivities({ createTicket, listTickets: noList });
    await expect(checkThenCreateTicket(INPUT, REQUEST)).rejects.toThrow('it lists nothing');
    expect(created).toEqual([]);
  });
});
