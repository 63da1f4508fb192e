import type { OrderResult } from '../../src/contracts/order.ts';
import { endingOf } from '../../src/starter/ending.ts';
import type { Submitted } from '../../src/starter/kind.ts';
import { SUBMISSION_TEXTS } from '../../src/starter/lines.ts';
import { orderKind, submitOrder } from '../../src/starter/order.ts';
import type { EndedOrder } from '../../testbed/play-orders.ts';
import type { Stage } from '../../testbed/stage.ts';

/** Submits orders that have been submitted before. */
export function submitAgain({ client, taskQueue }: Stage, orderIds: readonly string[]) {
  return Promise.all(orderIds.map((orderId) => submitOrder(client, taskQueue, orderId)));
}

/** How orders were submitted, as text: `5 × already exists (running)`. */
export function submissionsText(submitted: readonly Pick<Submitted<OrderResult>, 'submissionResult'>[]): string {
  const counts = new Map<string, number>();
  for (const { submissionResult } of submitted) {
    const text = SUBMISSION_TEXTS[submissionResult];
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return [...counts].map(([text, count]) => `${count} × ${text}`).join(', ');
}

/**
 * Compares what orders return that were submitted again with what they returned before.
 * @returns each difference, one sentence each
 */
export async function otherTickets(
  ended: readonly Pick<EndedOrder, 'orderId' | 'ending'>[],
  again: readonly { readonly id: string; readonly handle: Parameters<typeof endingOf<OrderResult>>[1] }[],
): Promise<readonly string[]> {
  const before = new Map(ended.map(({ orderId, ending }) => [orderId, ending]));
  const differences = await Promise.all(
    again.map(async ({ id, handle }) => {
      const [first, second] = [ticketOf(before.get(id)), ticketOf(await endingOf(orderKind, handle))];
      return first === second ? [] : [`${id} was submitted again and returned ${second}, not ${first}`];
    }),
  );
  return differences.flat();
}

function ticketOf(ending: EndedOrder['ending'] | undefined): string {
  return ending?.kind === 'result' ? ending.result.ticketId : 'no ticket id';
}
