import { counted } from '../../src/contracts/counted.ts';
import { SUBMISSION_TEXTS } from '../../src/starter/lines.ts';
import { submitOrder } from '../../src/starter/order.ts';
import { orderIds, playOrders } from '../../testbed/play-orders.ts';
import type { Stage } from '../../testbed/stage.ts';
import type { DemoNarrator } from './acts.ts';
import { historySteps, printSteps } from './history-steps.ts';
import type { DemoOptions, DemoResult } from './options.ts';
import { report } from './report.ts';

/** One order without faults: its steps, and what happens when it is submitted again. */
export async function simple(stage: Stage, narrator: DemoNarrator, options: DemoOptions): Promise<DemoResult> {
  const { seed, mode, faults = 'calm', orders = 1 } = options;
  await narrator.act(
    `${counted(orders, 'order')}, and nothing fails`,
    'The workflow gets a token and a reservation, checks which tickets exist, creates one, and checks again.',
  );
  await stage.setFaults({ seed, preset: faults });
  await narrator.during('starting a worker', stage.startWorker());
  const ids = orderIds(stage, orders);
  const played = await playOrders(stage, ids, narrator);
  for (const orderId of ids) {
    narrator.step(`the steps of ${orderId}, from its history in Temporal:`);
    printSteps(await historySteps(stage.client, orderId), narrator);
  }

  await narrator.act('The same order again', 'Whoever is unsure whether an order was submitted submits it again.');
  for (const orderId of ids) {
    const again = await submitOrder(stage.client, stage.taskQueue, orderId);
    const { ticketId } = await again.handle.result();
    narrator.step(`submitted ${orderId} again: ${SUBMISSION_TEXTS[again.submissionResult]}`);
    narrator.detail(`with the same ticket, ${ticketId}`);
  }
  return report(stage, played, narrator, { seed, mode, faults });
}
