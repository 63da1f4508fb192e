import { counted } from '../../src/contracts/counted.ts';
import { orderIds, playOrders } from '../../testbed/play-orders.ts';
import type { Stage } from '../../testbed/stage.ts';
import type { DemoNarrator } from './acts.ts';
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
export async function idempotence(stage: Stage, narrator: DemoNarrator, options: DemoOptions): Promise<DemoResult> {
  const { seed, mode, orders = 5 } = options;
  await narrator.act(
    `${counted(orders, 'order')}, and creates that fail before or after the commit`,
    'An error does not tell whether a ticket was created. Whoever simply tries again gets a second one, whoever does not may get none.',
  );
  narrator.step(`faults, seed ${seed}:`);
  for (const { point, kind, probability } of BEFORE_AND_AFTER) {
    narrator.detail(`${point.padEnd(21)} ${String(probability * 100).padStart(3)} %  ${kind}`);
  }
  await stage.setFaults({ seed, rules: BEFORE_AND_AFTER });
  await narrator.during('starting a worker', stage.startWorker());
  const ids = orderIds(stage, orders);

  const played = await playOrders(stage, ids, narrator, async () => {
    narrator.step(`submitted all of them a second time: ${await submitAgain(stage, ids)}`);
  });

  await narrator.act(
    'The same orders once more',
    'Each order has ended. Submitted again, it answers with the same ticket.',
  );
  narrator.step(`submitted all of them a third time: ${await submitAgain(stage, ids)}`);
  return report(stage, played, narrator, { seed, mode, faults: 'creates fail before and after the commit' });
}
