import { activityInfo, log } from '@temporalio/activity';
import { sendTimeLeftMs, voidDeadline } from 'exactly-one';
import { ErrorResponseReceived } from '../clients/read-response.ts';
import { failures } from '../contracts/failures.ts';
import type { TicketActivities } from '../contracts/ticket-activities.ts';
import { retryLater, toFailure } from './failing.ts';
import { callOf, type TicketSystemActivityOptions } from './ticket-system-activity.ts';

/**
 * Takes a ticket out of circulation. Repeating it is safe: a surplus ticket goes only while its keeper is live,
 * a cancelling void ends by its deadline.
 */
export function voidTicket(options: TicketSystemActivityOptions): TicketActivities['voidTicket'] {
  return async ({ orderId, reservationId, token, ticketId, keep, createDeadlineMs }) => {
    try {
      const call = callOf(options, token);
      const deadlineMs = voidDeadline(activityInfo().currentAttemptScheduledTimestampMs, createDeadlineMs);
      const timeLeftMs = sendTimeLeftMs({ nowMs: options.nowMs(), deadlineMs, elapsedMs: 0, createDeadlineMs });
      if (keep === null && timeLeftMs <= 0) {
        throw retryLater(failures.serviceUnavailable, 'the deadline of this void was over before it was sent');
      }
      const ticket = await options.ticketSystem.voidTicket(
        { orderId, ticketId, keep, ...(keep === null ? { deadlineMs } : {}) },
        keep === null ? { ...call, timeoutMs: Math.min(call.timeoutMs, timeLeftMs) } : call,
      );
      if (
        ticket.orderId !== orderId ||
        ticket.reservationId !== reservationId ||
        ticket.ticketId !== ticketId ||
        !ticket.voided
      ) {
        throw retryLater(
          failures.incompleteResponse,
          `asked to void ticket ${ticketId}, the answer is not that ticket, voided`,
        );
      }
      log.info('void', { orderId, ticketId, keep });
      return 'voided';
    } catch (error) {
      if (error instanceof ErrorResponseReceived && error.status === 409 && error.code === 'KEEPER_NOT_LIVE') {
        return 'keeper-not-live';
      }
      throw toFailure(error);
    }
  };
}
