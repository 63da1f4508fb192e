import { activityInfo } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { ListedItem } from 'exactly-one';
import type { ActivityRequest, CreateActivityRequest, CreatedItem } from 'exactly-one/contract';
import { failures } from '../../src/contracts/failures.ts';
import type { TicketActivities, TicketInput } from '../../src/contracts/ticket-activities.ts';
import type { CommonActivities, UnfencedCreate } from './workflows/prepare-order.ts';

export interface CommonActivityOptions extends Pick<TicketActivities, 'createTicket'> {
  /** The tickets in the ticket system's list, as it is. */
  readonly listTickets: (request: ActivityRequest) => Promise<readonly ListedItem[]>;
  /** The wall clock in epoch milliseconds. */
  readonly nowMs?: () => number;
  /** Default: of the attempt that runs now. */
  readonly attempt?: () => { readonly activityType: string; readonly attempt: number };
}

type Key = Pick<CreateActivityRequest, 'guarantee' | 'idempotencyKey'>;

/** With this guarantee the key is not sent. */
const UNKEYED: Key = { guarantee: 'none', idempotencyKey: '' };

/** The activities of the common strategies, as they are usually written. Each ends in the product's own create. */
export function commonActivities({
  createTicket,
  listTickets,
  nowMs = Date.now,
  attempt: currentAttempt = activityInfo,
}: CommonActivityOptions): CommonActivities {
  async function create(input: TicketInput, request: UnfencedCreate, key: Key = UNKEYED): Promise<CreatedItem> {
    const deadlineMs = nowMs() + request.createDeadlineMs;
    try {
      const created = await createTicket(input, { ...request, ...key, attempt: 1, deadlineMs });
      if ('itemId' in created) return created;
      throw ApplicationFailure.create({ message: `no ticket yet, only ${created.accepted.reference}` });
    } catch (error) {
      if (!(error instanceof ApplicationFailure) || error.type === failures.createRejected) throw error;
      throw ApplicationFailure.create({ type: failures.serviceUnavailable, message: error.message, cause: error });
    }
  }

  return {
    createTicketUnfenced: (input, request) => create(input, request),

    // Recommended, for example, as "Workflow ID + activity name + attempt number":
    // https://github.com/temporalio/skill-temporal-developer/blob/0692311a5a1c53a9010b47a82b0fc07f092aaa20/references/core/patterns.md#idempotency-patterns
    async createTicketWithKeyPerAttempt(input, request) {
      const { activityType, attempt } = currentAttempt();
      // The workflow id is the order id.
      const idempotencyKey = `${request.orderId}-${activityType}-${attempt}`;
      return create(input, request, { guarantee: 'idempotency-key', idempotencyKey });
    },

    // The "check-before-act pattern" on the same page. It believes each list that it gets, and retries after an error.
    async checkThenCreateTicket(input, request) {
      const existing = (await listTickets(request)).find(({ voided }) => !voided);
      return existing === undefined ? create(input, request) : { itemId: existing.itemId };
    },
  };
}
