import type { TicketActivities } from '../contracts/activities.ts';
import { toFailure } from './failing.ts';
import { callOf, type TicketSystemActivityOptions } from './ticket-system-activity.ts';

export function getToken(options: TicketSystemActivityOptions): TicketActivities['getToken'] {
  return async () => {
    try {
      return await options.ticketSystem.createToken(callOf(options));
    } catch (error) {
      throw toFailure(error);
    }
  };
}
