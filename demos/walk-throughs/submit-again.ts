import { SUBMISSION_TEXTS } from '../../src/starter/lines.ts';
import { submitOrder } from '../../src/starter/order.ts';
import type { Stage } from '../../testbed/stage.ts';

/**
 * Submits orders a second time.
 * @returns the results as text: `5 × already exists (running)`
 */
export async function submitAgain({ client, taskQueue }: Stage, orderIds: readonly string[]): Promise<string> {
  const submitted = await Promise.all(orderIds.map((orderId) => submitOrder(client, taskQueue, orderId)));
  const counts = new Map<string, number>();
  for (const { submissionResult } of submitted) {
    const text = SUBMISSION_TEXTS[submissionResult];
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return [...counts].map(([text, count]) => `${count} × ${text}`).join(', ');
}
