import { type Client, WorkflowFailedError } from '@temporalio/client';
import { lateWatchId } from '../src/contracts/ids.ts';
import type { OrderProgress, OrderResult } from '../src/contracts/order.ts';
import { waitUntil } from '../src/platform/processes/wait-until.ts';
import { type Ending, endingOf } from '../src/starter/ending.ts';
import type { Submitted } from '../src/starter/kind.ts';
import { progressLine } from '../src/starter/lines.ts';
import { orderKind } from '../src/starter/order.ts';
import { progressOf } from '../src/starter/progress.ts';
import type { Narrator } from './narrator.ts';
import type { Stage } from './stage.ts';

const LOOK_EVERY_MS = 400;

export interface EndedOrder {
  readonly orderId: string;
  readonly ending: Ending<OrderResult>;
  readonly progress: OrderProgress | undefined;
}

/**
 * Waits until every order has ended, showing where each stands.
 * @throws Error when they have not within `timeoutMs`
 */
export async function followOrders(
  { client }: Stage,
  orders: readonly Submitted<OrderResult>[],
  narrator: Narrator,
  timeoutMs: number,
): Promise<readonly EndedOrder[]> {
  const open = new Set(orders.map(({ id }) => id));
  const width = Math.max(...orders.map(({ id }) => id.length));
  const endings = Promise.all(
    orders.map(async ({ id: orderId, handle }) => {
      const ending = await endingOf(orderKind, handle);
      open.delete(orderId);
      return { orderId, ending };
    }),
  );
  await waitUntil(
    async () => {
      const shown = [...open].slice(0, 20);
      const lines = await Promise.all(
        shown.map(async (orderId) =>
          progressLine(orderKind, orderId, await progressOf(client, orderKind, orderId), width),
        ),
      );
      narrator.show(lines);
      return open.size === 0;
    },
    { what: `the end of ${orders.length} orders`, timeoutMs, everyMs: LOOK_EVERY_MS },
  );
  narrator.show([]);
  return Promise.all(
    (await endings).map(async (ended) => ({ ...ended, progress: await progressOf(client, orderKind, ended.orderId) })),
  );
}

/** What a late watch has voided, by order; only orders that had a watch are in it. */
export type LateVoids = ReadonlyMap<string, readonly string[]>;

/**
 * Waits for quiescence: no open workflow or late watch of these orders, and nothing in flight in the ticket system.
 * @throws Error when it does not come within `timeoutMs`
 */
export async function untilQuiescent(stage: Stage, orderIds: readonly string[], timeoutMs: number): Promise<LateVoids> {
  const lateVoids = new Map<string, readonly string[]>();
  await waitUntil(
    async () => {
      for (const orderId of orderIds) {
        const order = await stage.client.workflow.getHandle(orderId).describe();
        const watch = await endOfWatch(stage.client, lateWatchId(orderId, order.runId));
        if (order.status.name === 'RUNNING' || watch === 'open') return false;
        if (watch !== 'none') lateVoids.set(orderId, watch);
      }
      return (await stage.inFlight()) === 0;
    },
    {
      what: 'quiescence: no order, no late watch and no request open',
      timeoutMs,
      everyMs: 200,
      retryable: isNoFailure,
    },
  );
  return lateVoids;
}

/** A late watch that failed needs a person, not patience. */
function isNoFailure(error: unknown): boolean {
  return !(error instanceof WorkflowFailedError);
}

async function endOfWatch(client: Client, watchId: string): Promise<'none' | 'open' | readonly string[]> {
  const watch = client.workflow.getHandle<() => Promise<{ voidedTicketIds: string[] }>>(watchId);
  const status = await watch.describe().then(
    ({ status: { name } }) => name,
    () => 'none' as const,
  );
  if (status === 'none') return 'none';
  return status === 'RUNNING' ? 'open' : (await watch.result()).voidedTicketIds;
}
