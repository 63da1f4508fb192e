import { holdResponses } from '../../testbed/creates-in-flight.ts';
import { orderIds, playOrders } from '../../testbed/play-orders.ts';
import type { Stage } from '../../testbed/stage.ts';
import type { DemoNarrator } from './acts.ts';
import { historySteps, printSteps } from './history-steps.ts';
import { killDuringCreates } from './kill-worker.ts';
import type { DemoOptions, DemoResult } from './options.ts';
import { report } from './report.ts';

/** The worker is killed while the ticket system creates the ticket. A new worker resumes the order without repeating a finished step. */
export async function crash(stage: Stage, narrator: DemoNarrator, options: DemoOptions): Promise<DemoResult> {
  const { seed, mode, faults = 'calm', orders = 1 } = options;
  await narrator.act(
    'The worker is killed in the middle of a create',
    `The ticket system takes a second to respond to a create. In that second the worker gets SIGKILL.${faults === 'calm' ? '' : ` After that, creates meet the faults of the preset ${faults}.`}`,
  );
  const held = holdResponses({ seed, preset: faults, share: 1 });
  await stage.setFaults(held);
  const worker = await narrator.during('starting a worker', stage.startWorker());
  const ids = orderIds(stage, orders);

  let inFlight = 0;
  const played = await playOrders(stage, ids, narrator, async () => {
    inFlight = await killDuringCreates(stage, worker, held, orders, narrator);
    await stage.setFaults({ seed, preset: faults });
    await narrator.act(
      'A new worker',
      `${orders === 1 ? 'The order waits' : 'The orders wait'} in Temporal. A new worker replays the history, repeats no finished step, and finds the ticket by asking the ticket system for it. It does not create a second one.`,
    );
    const replacement = await narrator.during('starting a worker', stage.startWorker());
    narrator.step(`started worker ${replacement.pid}, which replays the history and continues`);
  });
  for (const orderId of ids) {
    narrator.step(`the steps of ${orderId}, from its history in Temporal:`);
    printSteps(await historySteps(stage.client, orderId), narrator);
  }
  const met = `${faults}; until the kill, creates met only slow responses`;
  return report(stage, played, narrator, { seed, mode, faults: met, inFlight });
}
