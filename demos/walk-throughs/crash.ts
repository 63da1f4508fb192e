import { waitUntil } from '../../src/platform/processes/wait-until.ts';
import { untilCreatesInFlight } from '../../testbed/creates-in-flight.ts';
import type { Narrator } from '../../testbed/narrator.ts';
import { orderIds, playOrders } from '../../testbed/play-orders.ts';
import type { Stage } from '../../testbed/stage.ts';
import { historySteps, printSteps } from './history-steps.ts';
import type { DemoOptions, DemoResult } from './options.ts';
import { report } from './report.ts';

/** The answer to a create is held back so long that the worker can be killed while it waits, and not longer. */
const SLOW_ANSWER = { point: 'create.after-commit', kind: 'delay', probability: 1, delayMs: 800 };

/** The worker dies while the ticket system creates the ticket. A new one resumes the order: no finished step is repeated. */
export async function crash(stage: Stage, narrator: Narrator, options: DemoOptions): Promise<DemoResult> {
  const { seed, mode, orders = 1 } = options;
  await stage.setFaults({ seed, rules: [SLOW_ANSWER] });
  const worker = await stage.startWorker();
  const ids = orderIds(stage, orders);

  const played = await playOrders(stage, ids, narrator, async () => {
    const inFlight = await untilCreatesInFlight(stage, ids, orders);
    await waitUntil(async () => (await stage.audit()).counts.sends >= orders, {
      what: 'the ticket system to receive the create',
      timeoutMs: 5_000,
      everyMs: 10,
    });
    await worker.kill();
    narrator.step(`worker ${worker.pid} killed (SIGKILL) with ${inFlight} create in flight: nobody will report it`);
    const replacement = await stage.startWorker();
    narrator.step(`a new worker, ${replacement.pid}, replays the history and goes on`);
  });
  for (const orderId of ids) {
    narrator.heading(`The steps of ${orderId}: what was completed before the crash is not repeated`);
    printSteps(await historySteps(stage.client, orderId), narrator);
  }
  return report(stage, played, narrator, { seed, mode, faults: 'answers to creates 800 ms late' });
}
