import { type Client, defaultPayloadConverter, isGrpcServiceError } from '@temporalio/client';
import type { Deposit } from '../../src/contracts/account-activities.ts';
import { transferWorkflowId } from '../../src/contracts/ids.ts';
import type { TransferStep } from '../../src/contracts/transfer.ts';

/** The gRPC status. */
const NOT_FOUND = 5;

/** Both balances are checked before the withdrawal, in the first events of a history. */
const FIRST_CHECKS_BEFORE_EVENT = 17;

/**
 * The step whose activity is under way now, according to the latest events of the history. Unlike a query, this takes
 * nothing from the worker and needs none.
 */
export async function currentStep(client: Client, transferId: string): Promise<TransferStep | undefined> {
  const ended = new Set<string>();
  for (const event of await latestEvents(client, transferWorkflowId(transferId))) {
    const end = event.activityTaskCompletedEventAttributes ?? event.activityTaskFailedEventAttributes;
    if (end?.scheduledEventId) ended.add(end.scheduledEventId.toString());
    const scheduled = event.activityTaskScheduledEventAttributes;
    if (!scheduled || !event.eventId || ended.has(event.eventId.toString())) continue;
    const [input] = scheduled.input?.payloads ?? [];
    switch (scheduled.activityType?.name) {
      case 'checkBalance':
        return event.eventId.toNumber() < FIRST_CHECKS_BEFORE_EVENT ? 'check balances' : 'read final balances';
      case 'withdraw':
        return 'withdraw';
      case 'deposit':
        return input && defaultPayloadConverter.fromPayload<Deposit>(input).reverses ? 'refund' : 'deposit';
    }
  }
  return undefined;
}

/** Newest first; none before the workflow has started. */
async function latestEvents(client: Client, workflowId: string) {
  try {
    const { history } = await client.workflowService.getWorkflowExecutionHistoryReverse({
      namespace: client.options.namespace,
      execution: { workflowId },
      maximumPageSize: 12,
    });
    return history?.events ?? [];
  } catch (error) {
    if (isGrpcServiceError(error) && error.code === NOT_FOUND) return [];
    throw error;
  }
}
