import { type Client, defaultPayloadConverter } from '@temporalio/client';
import type { Deposit } from '../../src/contracts/account-activities.ts';
import { transferWorkflowId } from '../../src/contracts/ids.ts';
import type { TransferStep } from '../../src/contracts/transfer.ts';
import { isNotFound } from '../../testbed/is-not-found.ts';
import type { HistoryEvent } from './order-environment.ts';

/**
 * The step whose activity is under way now, according to the latest events of the history. Unlike a query, this takes
 * nothing from the worker and needs none.
 */
export async function currentStep(client: Client, transferId: string): Promise<TransferStep | undefined> {
  const ended = new Set<string>();
  const latest = await latestEvents(client, transferWorkflowId(transferId));
  for (const [index, event] of latest.entries()) {
    const end = event.activityTaskCompletedEventAttributes ?? event.activityTaskFailedEventAttributes;
    if (end?.scheduledEventId) ended.add(end.scheduledEventId.toString());
    if (!event.eventId || ended.has(event.eventId.toString())) continue;
    switch (scheduledActivity(event)) {
      case 'checkBalance': {
        const hasWithdrawn = latest.slice(index).some((earlier) => scheduledActivity(earlier) === 'withdraw');
        return hasWithdrawn ? 'read final balances' : 'check balances';
      }
      case 'withdraw':
        return 'withdraw';
      case 'deposit':
        return isRefund(event) ? 'refund' : 'deposit';
    }
  }
  return undefined;
}

function scheduledActivity({ activityTaskScheduledEventAttributes: scheduled }: HistoryEvent) {
  return scheduled?.activityType?.name;
}

function isRefund({ activityTaskScheduledEventAttributes: scheduled }: HistoryEvent): boolean {
  const [input] = scheduled?.input?.payloads ?? [];
  return Boolean(input && defaultPayloadConverter.fromPayload<Deposit>(input).reverses);
}

/** Newest first; none before the workflow has started. */
async function latestEvents(client: Client, workflowId: string): Promise<readonly HistoryEvent[]> {
  try {
    const { history } = await client.workflowService.getWorkflowExecutionHistoryReverse({
      namespace: client.options.namespace,
      execution: { workflowId },
      maximumPageSize: 60,
    });
    return history?.events ?? [];
  } catch (error) {
    if (isNotFound(error)) return [];
    throw error;
  }
}
