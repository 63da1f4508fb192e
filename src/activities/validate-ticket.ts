import { log } from '@temporalio/activity';
import type { Call } from 'exactly-one/activities';
import type { OrderActivities } from 'exactly-one/contract';
import type { TicketActivities, TicketInput } from '../contracts/ticket-activities.ts';
import { toFailure } from './activity-failures.ts';
import type { TicketActivityOptions } from './ticket-activities.ts';

/** Lists the tickets of an order. */
export function listTickets({ ticketSystem, withToken }: TicketActivityOptions) {
  return async (_input: TicketInput, { orderId, credentials }: Call) => {
    try {
      return await withToken(credentials, (call) => ticketSystem.listTickets(orderId, call));
    } catch (error) {
      throw toFailure(error);
    }
  };
}

/** Reads which tickets exist, and says so. */
export function validateTicket(list: OrderActivities<TicketInput>['list']): TicketActivities['validateTicket'] {
  return async (input, request) => {
    const response = await list(input, request);
    const live = response.items.filter(({ voided }) => !voided).map(({ itemId: ticketId }) => ticketId);
    const tickets = describeTickets(live);
    log.info(`validate: ${tickets}`, { orderId: request.orderId, live });
    // For people who read the result in Temporal's UI.
    return Object.assign({ tickets, asOf: new Date(response.asOfMs).toISOString() }, response);
  };
}

/** For people: a ticket that is not listed may still come. */
export function describeTickets(ticketIds: readonly string[]): string {
  const last = ticketIds.at(-1);
  if (last === undefined) return 'no ticket listed';
  if (ticketIds.length === 1) return `ticket ${last}`;
  return `${ticketIds.length} tickets, ${ticketIds.slice(0, -1).join(', ')} and ${last}`;
}
