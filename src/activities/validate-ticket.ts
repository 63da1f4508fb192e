import { log } from '@temporalio/activity';
import { type ListExchange, readCompleteResponse } from 'exactly-one';
import { failures } from '../contracts/failures.ts';
import type { TicketActivities } from '../contracts/ticket-activities.ts';
import { retryLater, toFailure } from './activity-failures.ts';
import { ticketSystemCall } from './request-options.ts';
import type { TicketActivityOptions } from './ticket-activities.ts';

/** Reads which tickets exist. Only a complete response counts. An error never means absence, so it is retried. */
export function validateTicket({
  ticketSystem,
  requestTimeoutMs,
  clockSkewMs,
  nowMs,
}: TicketActivityOptions): TicketActivities['validateTicket'] {
  return async ({ orderId, reservationId, token, seen }) => {
    try {
      const requestedAtMs = nowMs();
      const exchange = await ticketSystem.listTickets(orderId, ticketSystemCall(requestTimeoutMs, token)).then(
        (list): ListExchange => ({ kind: 'list', ...list }),
        (error: unknown): ListExchange => ({ kind: 'error', error }),
      );
      const receivedAtMs = nowMs();
      const context = { orderId, reservationId, seen, requestedAtMs, receivedAtMs, clockSkewMs };
      const response = readCompleteResponse(exchange, context);
      if ('problem' in response) {
        if (exchange.kind === 'error') throw exchange.error;
        throw retryLater(
          failures.incompleteResponse,
          `the list of tickets of ${orderId} is not a complete response: ${response.problem}`,
        );
      }
      const live = response.list.items.filter(({ voided }) => !voided).map(({ itemId: ticketId }) => ticketId);
      log.info('validate', { orderId, live });
      return response.list;
    } catch (error) {
      throw toFailure(error);
    }
  };
}
