import { log } from '@temporalio/activity';
import type { VoidResult } from 'exactly-one';
import { retryLater, type VoidCall } from 'exactly-one/activities';
import { ErrorResponseReceived } from '../clients/read-response.ts';
import { failures } from '../contracts/failures.ts';
import type { TicketInput } from '../contracts/ticket-activities.ts';
import { toFailure } from './activity-failures.ts';
import type { TicketActivityOptions } from './ticket-activities.ts';

/** Takes a ticket out of circulation. */
export function voidTicket({ ticketSystem, withToken }: TicketActivityOptions) {
  return async (
    { reservationId }: TicketInput,
    ticketId: string,
    keep: string | null,
    voidCall: VoidCall,
  ): Promise<VoidResult> => {
    const { orderId, deadlineMs, mayStillBeSent, credentials } = voidCall;
    try {
      const ticket = await withToken(credentials, (call) => {
        const voiding = { orderId, ticketId, keep, ...(deadlineMs === undefined ? {} : { deadlineMs }) };
        const timeoutMs = Math.min(call.timeoutMs, voidCall.timeoutMs);
        return ticketSystem.voidTicket(voiding, { ...call, timeoutMs, mayStillBeSent });
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
