import { log } from '@temporalio/activity';
import { type Received, readWholeAnswer } from 'exactly-one';
import type { TicketActivities } from '../contracts/activities.ts';
import { failures } from '../contracts/failures.ts';
import { crashPoint } from '../platform/failpoints/failpoint.ts';
import { retryLater, toFailure } from './failing.ts';
import { callOf, type TicketSystemActivityOptions } from './ticket-system-activity.ts';

/** Looks which tickets exist. Whatever is no whole answer is asked again: an error never means absence. */
export function validateTicket(options: TicketSystemActivityOptions): TicketActivities['validateTicket'] {
  return async ({ orderId, reservationId, token, seen }) => {
    try {
      await crashPoint('validate.before-send', orderId);
      const requestedAtMs = options.nowMs();
      const call = { ...callOf(options, token), onSent: () => crashPoint('validate.sent', orderId) };
      const received = await options.ticketSystem.listTickets(orderId, call).then(
        (list): Received => ({ kind: 'list', ...list }),
        (error: unknown): Received => ({ kind: 'error', error }),
      );
      const answer = readWholeAnswer(received, {
        orderId,
        reservationId,
        seen,
        requestedAtMs,
        receivedAtMs: options.nowMs(),
        clockSkewMs: options.clockSkewMs,
      });
      if ('problem' in answer) {
        if (received.kind === 'error') throw received.error;
        throw retryLater(failures.answerNotWhole, `the list of tickets of ${orderId} is no answer: ${answer.problem}`);
      }
      const live = answer.list.tickets.filter(({ voided }) => !voided).map(({ ticketId }) => ticketId);
      log.info('validate', { orderId, live });
      await crashPoint('validate.before-report', orderId);
      return answer.list;
    } catch (error) {
      throw toFailure(error);
    }
  };
}
