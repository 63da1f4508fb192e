import { counted } from '../../src/contracts/counted.ts';
import { orderIds, playOrders } from '../../testbed/play-orders.ts';
import type { Stage } from '../../testbed/stage.ts';
import type { DemoNarrator } from './acts.ts';
import { historySteps, printSteps } from './history-steps.ts';
import type { DemoOptions, DemoResult } from './options.ts';
import { report } from './report.ts';
import { otherTickets, submissionsText, submitAgain } from './submit-again.ts';

/** One order without faults: its steps, and what happens when it is submitted again. */
export async function simple(stage: Stage, narrator: DemoNarrator, options: DemoOptions): Promise<DemoResult> {
  const { seed, mode, faults = 'calm', orders = 1 } = options;
  await narrator.act(
    `${counted(orders, 'order')}, and ${faults === 'calm' ? 'nothing fails' : `the faults of the preset ${faults}`}`,
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

  await narrator.act(
    `The same ${orders === 1 ? 'order' : 'orders'} again`,
    'If you are not sure whether an order was submitted, submit it again.',
  );
  const again = await submitAgain(stage, ids);
  narrator.step(`submitted ${counted(orders, 'order')} again: ${submissionsText(again)}`);
  const alsoWrong = await otherTickets(played.ended, again);
  if (alsoWrong.length === 0) narrator.detail(orders === 1 ? 'with the same ticket' : 'each with the same ticket');
  return report(stage, played, narrator, { seed, mode, faults, alsoWrong });
}
