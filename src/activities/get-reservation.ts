import { failures } from '../contracts/failures.ts';
import type { TicketActivities } from '../contracts/ticket-activities.ts';
import { retryLater, toFailure } from './failing.ts';
import { callOf, type TicketSystemActivityOptions } from './ticket-system-activity.ts';

export function getReservation(options: TicketSystemActivityOptions): TicketActivities['getReservation'] {
  return async ({ orderId, token, expected }) => {
    try {
      const reservation = await options.ticketSystem.getReservation(orderId, callOf(options, token));
      const { reservationId, guarantee } = reservation;
      if (reservation.orderId !== orderId || (expected !== undefined && reservationId !== expected)) {
        throw retryLater(
          failures.incompleteResponse,
          `asked for the reservation of ${orderId}${expected === undefined ? '' : `, which was ${expected}`}, ` +
            `and got ${reservationId} of ${reservation.orderId}`,
        );
      }
      return { reservationId, guarantee };
    } catch (error) {
      throw toFailure(error);
    }
  };
}
