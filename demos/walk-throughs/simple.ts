import { SUBMISSION_TEXTS } from '../../src/starter/lines.ts';
import { submitOrder } from '../../src/starter/order.ts';
import type { Narrator } from '../../testbed/narrator.ts';
import { orderIds, playOrders } from '../../testbed/play-orders.ts';
import type { Stage } from '../../testbed/stage.ts';
import { historySteps, printSteps } from './history-steps.ts';
import type { DemoOptions, DemoResult } from './options.ts';
import { report } from './report.ts';

/** One order without faults: its steps, and what happens when it is submitted again. */
export async function simple(stage: Stage, narrator: Narrator, options: DemoOptions): Promise<DemoResult> {
  const { seed, mode, faults = 'calm', orders = 1 } = options;
  await stage.setFaults({ seed, preset: faults });
  await stage.startWorker();
  const ids = orderIds(stage, orders);
  const played = await playOrders(stage, ids, narrator);

  for (const orderId of ids) {
    narrator.heading(`The steps of ${orderId}, from its history`);
    printSteps(await historySteps(stage.client, orderId), narrator);
    const again = await submitOrder(stage.client, stage.taskQueue, orderId);
    const { ticketId } = await again.handle.result();
    narrator.line(`  submitted again: ${SUBMISSION_TEXTS[again.submissionResult]}, ${ticketId}`);
  }
  return report(stage, played, narrator, { seed, mode, faults });
}
