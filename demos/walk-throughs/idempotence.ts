import { submitOrder } from '../../src/starter/order.ts';
import type { Narrator } from '../../testbed/narrator.ts';
import { orderIds, playOrders } from '../../testbed/play-orders.ts';
import type { Stage } from '../../testbed/stage.ts';
import type { DemoOptions, DemoResult } from './options.ts';
import { report } from './report.ts';

/** A create fails very likely, and nobody can tell from the failure whether it had made a ticket. */
const BEFORE_AND_AFTER = [
  { point: 'create.before-commit', kind: 'error-500', probability: 0.3 },
  { point: 'create.before-commit', kind: 'connection-reset', probability: 0.3 },
  { point: 'create.after-commit', kind: 'error-500', probability: 0.6 },
  { point: 'create.after-commit', kind: 'connection-reset', probability: 0.7 },
];

/** Creates fail before and after their commit; one ticket all the same, also when the same order is submitted twice. */
export async function idempotence(stage: Stage, narrator: Narrator, options: DemoOptions): Promise<DemoResult> {
  const { seed, mode, orders = 5 } = options;
  await stage.setFaults({ seed, rules: BEFORE_AND_AFTER });
  await stage.startWorker();
  const ids = orderIds(stage, orders);
  const submitAgain = () => Promise.all(ids.map((orderId) => submitOrder(stage.client, stage.taskQueue, orderId)));

  const played = await playOrders(stage, ids, narrator, async () => {
    narrator.step(
      `all submitted a second time while they run: ${(await submitAgain()).map(({ submissionResult }) => submissionResult).join(', ')}`,
    );
  });
  const again = await submitAgain();
  narrator.step(`all submitted a third time: ${again.map(({ submissionResult }) => submissionResult).join(', ')}`);
  return report(stage, played, narrator, { seed, mode, faults: 'creates fail before and after the commit' });
}
