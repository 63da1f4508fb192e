import type { Narrator } from '../../testbed/narrator.ts';
import { orderIds, playOrders } from '../../testbed/play-orders.ts';
import type { Stage } from '../../testbed/stage.ts';
import type { DemoOptions, DemoResult } from './options.ts';
import { report } from './report.ts';
import { submitAgain } from './submit-again.ts';

/** Most creates fail, and the failure does not tell whether a ticket was made. */
const BEFORE_AND_AFTER = [
  { point: 'create.before-commit', kind: 'error-500', probability: 0.3 },
  { point: 'create.before-commit', kind: 'connection-reset', probability: 0.3 },
  { point: 'create.after-commit', kind: 'error-500', probability: 0.6 },
  { point: 'create.after-commit', kind: 'connection-reset', probability: 0.7 },
];

/** Creates fail before and after the commit, and each order is submitted three times: still one ticket each. */
export async function idempotence(stage: Stage, narrator: Narrator, options: DemoOptions): Promise<DemoResult> {
  const { seed, mode, orders = 5 } = options;
  await stage.setFaults({ seed, rules: BEFORE_AND_AFTER });
  await stage.startWorker();
  const ids = orderIds(stage, orders);

  const played = await playOrders(stage, ids, narrator, async () => {
    narrator.step(`submitted all orders a second time: ${await submitAgain(stage, ids)}`);
  });
  narrator.step(`submitted all orders a third time: ${await submitAgain(stage, ids)}`);
  return report(stage, played, narrator, { seed, mode, faults: 'creates fail before and after the commit' });
}
