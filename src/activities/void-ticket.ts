import { activityInfo, log } from '@temporalio/activity';
import { timeLeftToSendMs, voidDeadline } from 'exactly-one';
import { ErrorResponseReceived } from '../clients/read-response.ts';
import { failures } from '../contracts/failures.ts';
import type { TicketActivities } from '../contracts/ticket-activities.ts';
import { retryLater, toFailure } from './activity-failures.ts';
import type { TicketActivityOptions } from './ticket-activities.ts';

/**
 * Takes a ticket out of circulation. It is safe to repeat: a surplus ticket is voided only while its keeper is live, and
 * a void without a keeper has a deadline.
 */
export function voidTicket({
  ticketSystem,
  withToken,
  nowMs,
  monotonicMs,
}: TicketActivityOptions): TicketActivities['voidTicket'] {
  return async ({ reservationId }, { orderId, credentials, itemId: ticketId, keep, createDeadlineMs }) => {
    try {
      const startedAtMs = monotonicMs();
      const deadlineMs = voidDeadline(activityInfo().currentAttemptScheduledTimestampMs, createDeadlineMs);
      const timeLeftMs = () =>
        timeLeftToSendMs({ nowMs: nowMs(), deadlineMs, elapsedMs: monotonicMs() - startedAtMs, createDeadlineMs });
      const ticket = await withToken(credentials, (call) => {
        if (keep !== null) return ticketSystem.voidTicket({ orderId, ticketId, keep }, call);
        const timeoutMs = Math.min(call.timeoutMs, timeLeftMs());
        const mayStillBeSent = () => timeLeftMs() > 0;
        return ticketSystem.voidTicket({ orderId, ticketId, keep, deadlineMs }, { ...call, timeoutMs, mayStillBeSent });
      });
      const isTheTicket =
        ticket.orderId === orderId && ticket.reservationId === reservationId && ticket.ticketId === ticketId;
      if (!isTheTicket || !ticket.voided) {
        const message = `the response to the void of ticket ${ticketId} does not show this ticket as voided`;
        throw retryLater(failures.incompleteResponse, message);
      }
      log.info(`void: ticket ${ticketId}${keep === null ? '' : `, ${keep} stays`}`, { orderId, ticketId, keep });
      return 'voided';
    } catch (error) {
      if (error instanceof ErrorResponseReceived && error.status === 409 && error.code === 'KEEPER_NOT_LIVE') {
        return 'keeper-not-live';
      }
      throw toFailure(error);
    }
  };
}
