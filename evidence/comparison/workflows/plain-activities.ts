import type { CreateTicketRequest } from '../../../src/contracts/ticket-activities.ts';

/** A create without a deadline of the workflow's, nor a key: each attempt has its whole time. */
export type PlainCreate = Omit<CreateTicketRequest, 'deadlineMs' | 'idempotencyKey'>;

export interface PlainActivities {
  /**
   * The product's `createTicket` as one writes it who knows no fence.
   * @throws a failure that Temporal retries, or `CreateRejected`, which it does not
   */
  createTicketPlainly(request: PlainCreate): Promise<{ ticketId: string }>;
}
