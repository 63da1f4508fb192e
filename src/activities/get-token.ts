import { ErrorResponseReceived } from '../clients/read-response.ts';
import { failures } from '../contracts/failures.ts';
import type { TicketActivities } from '../contracts/ticket-activities.ts';
import { retryLater, toFailure } from './failing.ts';
import { callOf, type TicketSystemActivityOptions } from './ticket-system-activity.ts';

export function getToken(options: TicketSystemActivityOptions): TicketActivities['getToken'] {
  return async () => {
    try {
      return await options.ticketSystem.createToken(callOf(options));
    } catch (error) {
      // There is no token to renew yet: a refusal here is tried again like any other.
      if (error instanceof ErrorResponseReceived && error.status === 401) {
        throw retryLater(failures.serviceUnavailable, error.message);
      }
      throw toFailure(error);
    }
  };
}
