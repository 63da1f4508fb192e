import { log } from '@temporalio/activity';
import { type Received, readCompleteResponse } from 'exactly-one';
import { failures } from '../contracts/failures.ts';
import type { TicketActivities } from '../contracts/ticket-activities.ts';
import { retryLater, toFailure } from './failing.ts';
import { callOf, type TicketSystemActivityOptions } from './ticket-system-activity.ts';

/** Looks which tickets exist. Whatever is no complete response is asked again: an error never means absence. */
export function validateTicket(options: TicketSystemActivityOptions): TicketActivities['validateTicket'] {
  return async ({ orderId, reservationId, token, seen }) => {
    try {
      const requestedAtMs = options.nowMs();
      const received = await options.ticketSystem.listTickets(orderId, callOf(options, token)).then(
        (list): Received => ({ kind: 'list', ...list }),
        (error: unknown): Received => ({ kind: 'error', error }),
      );
      const answer = readCompleteResponse(received, {
        orderId,
        reservationId,
        seen,
        requestedAtMs,
        receivedAtMs: options.nowMs(),
        clockSkewMs: options.clockSkewMs,
      });
      if ('problem' in answer) {
        if (received.kind === 'error') throw received.error;
        throw retryLater(
          failures.incompleteResponse,
          `the list of tickets of ${orderId} is no answer: ${answer.problem}`,
        );
      }
      const live = answer.list.items.filter(({ voided }) => !voided).map(({ itemId: ticketId }) => ticketId);
      log.info('validate', { orderId, live });
      return answer.list;
    } catch (error) {
      throw toFailure(error);
    }
  };
}
