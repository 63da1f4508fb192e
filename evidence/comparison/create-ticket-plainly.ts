import { ApplicationFailure } from '@temporalio/common';
import { failures } from '../../src/contracts/failures.ts';
import type { TicketActivities } from '../../src/contracts/ticket-activities.ts';
import type { PlainActivities } from './workflows/plain-activities.ts';

/**
 * The product's create for strategies that know no fence: each attempt has its whole time from when it begins, and what
 * fails is an ordinary failure, to be retried or not as the strategy says. A definite refusal stays final.
 */
export function createTicketPlainly(
  { createTicket }: Pick<TicketActivities, 'createTicket'>,
  nowMs = Date.now,
): PlainActivities['createTicketPlainly'] {
  return async (request) => {
    try {
      return await createTicket({ ...request, deadlineMs: nowMs() + request.createDeadlineMs });
    } catch (error) {
      if (!(error instanceof ApplicationFailure) || error.type === failures.createRejected) throw error;
      throw ApplicationFailure.create({ type: failures.serviceUnavailable, message: error.message, cause: error });
    }
  };
}
