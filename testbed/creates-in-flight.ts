import { WaitTimeoutError, waitUntil } from '../src/platform/processes/wait-until.ts';
import type { Stage } from './stage.ts';

const WITHIN_MS = 20_000;

/**
 * Waits up to 20 s until at least `wanted` creates are in flight.
 * @returns how many are in flight; fewer than wanted if, for example, all orders have ended
 */
export async function untilCreatesInFlight(stage: Stage, orderIds: readonly string[], wanted: number): Promise<number> {
  try {
    return await waitUntil(
      async () => {
        const inFlight = await createsInFlight(stage, orderIds);
        return inFlight >= wanted && inFlight;
      },
      { what: `${wanted} creates in flight`, timeoutMs: WITHIN_MS, everyMs: 20 },
    );
  } catch (error) {
    if (error instanceof WaitTimeoutError) return createsInFlight(stage, orderIds);
    throw error;
  }
}

/** The number of creates that a worker has started and not yet reported. */
export async function createsInFlight({ client }: Pick<Stage, 'client'>, orderIds: readonly string[]): Promise<number> {
  const orders = await Promise.all(orderIds.map((orderId) => client.workflow.getHandle(orderId).describe()));
  return orders
    .flatMap(({ raw }) => raw.pendingActivities ?? [])
    .filter(({ activityType, lastStartedTime }) => activityType?.name === 'createTicket' && lastStartedTime).length;
}
