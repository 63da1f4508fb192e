import { ApplicationFailure } from '@temporalio/common';
import { failures } from '../../src/contracts/failures.ts';
import type { TicketActivities } from '../../src/contracts/ticket-activities.ts';
import type { UnfencedActivities } from './workflows/prepare-order.ts';

/** The strategies count no attempts and know no keys, so none is sent. */
const UNKEYED = { attempt: 1, guarantee: 'none', idempotencyKey: '' } as const;

/**
 * The product's create for strategies that know no fence. Each attempt has the full create deadline from its own start,
 * and every failure but a rejection is an ordinary one, which Temporal retries as the strategy says.
 */
export function createTicketUnfenced(
  { createTicket }: Pick<TicketActivities, 'createTicket'>,
  nowMs = Date.now,
): UnfencedActivities['createTicketUnfenced'] {
  return async (input, request) => {
    const deadlineMs = nowMs() + request.createDeadlineMs;
    try {
      return await createTicket(input, { ...request, ...UNKEYED, deadlineMs });
    } catch (error) {
      if (!(error instanceof ApplicationFailure) || error.type === failures.createRejected) throw error;
      throw ApplicationFailure.create({ type: failures.serviceUnavailable, message: error.message, cause: error });
    }
  };
}
