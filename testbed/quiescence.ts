import { type Client, WorkflowFailedError } from '@temporalio/client';
import { lateWatchId } from 'exactly-one';
import { describeWorkflow } from 'exactly-one/client';
import { waitUntil } from '../src/platform/processes/wait-until.ts';
import type { Stage } from './stage.ts';

/** The tickets that late watches have voided, by order. It contains only orders that had a late watch. */
export type LateVoids = ReadonlyMap<string, readonly string[]>;

/**
 * Waits for quiescence: no order and no late watch is open, and nothing is in flight in the ticket system.
 * @throws when that does not happen within `timeoutMs`, or a late watch has failed
 */
export async function untilQuiescent(stage: Stage, orderIds: readonly string[], timeoutMs: number): Promise<LateVoids> {
  const lateVoids = new Map<string, readonly string[]>();
  await waitUntil(
    async () => {
      for (const orderId of orderIds) {
        const order = await stage.client.workflow.getHandle(orderId).describe();
        const watch = await endOfLateWatch(stage.client, lateWatchId(orderId, order.runId));
        if (order.status.name === 'RUNNING' || watch === 'open') return false;
        if (watch !== 'none') lateVoids.set(orderId, watch);
      }
      return (await stage.inFlight()) === 0;
    },
    {
      what: 'quiescence: no open order, no open late watch, no request in flight',
      timeoutMs,
      everyMs: 200,
      // A late watch that failed will not succeed later.
      retryable: (error) => !(error instanceof WorkflowFailedError),
    },
  );
  return lateVoids;
}

/** The tickets that a late watch has voided, once it has ended. */
async function endOfLateWatch(client: Client, watchId: string): Promise<'none' | 'open' | readonly string[]> {
  const watch = client.workflow.getHandle<() => Promise<{ voidedTicketIds: string[] }>>(watchId);
  const described = await describeWorkflow(client, watchId);
  if (described === undefined) return 'none';
  return described.status.name === 'RUNNING' ? 'open' : (await watch.result()).voidedTicketIds;
}
