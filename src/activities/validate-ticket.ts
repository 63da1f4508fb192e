import { log } from '@temporalio/activity';
import { readCompleteResponse } from 'exactly-one';
import { failures } from '../contracts/failures.ts';
import type { TicketActivities } from '../contracts/ticket-activities.ts';
import { retryLater, toFailure } from './activity-failures.ts';
import { clockProblem } from './clock-problem.ts';
import type { TicketActivityOptions } from './ticket-activities.ts';

/** Reads which tickets exist. Only a complete response counts. An error never means absence, so it is retried. */
export function validateTicket({
  ticketSystem,
  withToken,
  clockSkewMs,
  nowMs,
}: TicketActivityOptions): TicketActivities['validateTicket'] {
  return async ({ reservationId }, { orderId, credentials, seen }) => {
    try {
      const { list: received, ...times } = await withToken(credentials, async (call) => {
        const requestedAtMs = nowMs();
        const list = await ticketSystem.listTickets(orderId, call);
        return { list, requestedAtMs, receivedAtMs: nowMs() };
      });
      const context = { orderId, reservationId, seen, ...times, clockSkewMs };
      const response = readCompleteResponse({ kind: 'list', ...received }, context);
      if ('problem' in response) {
        throw retryLater(
          failures.incompleteResponse,
          `${clockProblem(context, received.asOfMs)}the list of tickets of ${orderId} is not a complete response: ${response.problem}`,
        );
      }
      const live = response.list.items.filter(({ voided }) => !voided).map(({ itemId: ticketId }) => ticketId);
      const tickets = describeTickets(live);
      log.info(`validate: ${tickets}`, { orderId, live });
      // For people who read the result in Temporal's UI.
      return Object.assign({ tickets, asOf: new Date(response.list.asOfMs).toISOString() }, response.list);
    } catch (error) {
      throw toFailure(error);
    }
  };
}

/** For people: a ticket that is not listed may still come. */
export function describeTickets(ticketIds: readonly string[]): string {
  const last = ticketIds.at(-1);
  if (last === undefined) return 'no ticket listed';
  if (ticketIds.length === 1) return `ticket ${last}`;
  return `${ticketIds.length} tickets, ${ticketIds.slice(0, -1).join(', ')} and ${last}`;
}
