import { waitUntil } from '../../src/platform/processes/wait-until.ts';
import { untilCreatesInFlight } from '../../testbed/creates-in-flight.ts';
import type { Narrator } from '../../testbed/narrator.ts';
import { orderIds, playOrders } from '../../testbed/play-orders.ts';
import type { Stage } from '../../testbed/stage.ts';
import { historySteps, printSteps } from './history-steps.ts';
import type { DemoOptions, DemoResult } from './options.ts';
import { report } from './report.ts';

/** Delays the response to a create for long enough to kill the worker meanwhile. */
const SLOW_RESPONSE = { point: 'create.after-commit', kind: 'delay', probability: 1, delayMs: 800 };

/** The worker is killed while the ticket system creates the ticket. A new worker resumes the order without repeating a finished step. */
export async function crash(stage: Stage, narrator: Narrator, options: DemoOptions): Promise<DemoResult> {
  const { seed, mode, orders = 1 } = options;
  await stage.setFaults({ seed, rules: [SLOW_RESPONSE] });
  const worker = await stage.startWorker();
  const ids = orderIds(stage, orders);

  const played = await playOrders(stage, ids, narrator, async () => {
    const inFlight = await untilCreatesInFlight(stage, ids, orders);
    await waitUntil(async () => (await stage.audit()).counts.sends >= orders, {
      what: 'the ticket system to receive the creates',
      timeoutMs: 5_000,
      everyMs: 10,
    });
    await worker.kill();
    const creates = inFlight === 1 ? '1 create' : `${inFlight} creates`;
    narrator.step(`killed worker ${worker.pid} (SIGKILL) with ${creates} in flight, whose outcome is now unknown`);
    const replacement = await stage.startWorker();
    narrator.step(`started worker ${replacement.pid}, which replays the history and continues`);
  });
  for (const orderId of ids) {
    narrator.heading(`The steps of ${orderId}: no step that was completed before the crash is repeated`);
    printSteps(await historySteps(stage.client, orderId), narrator);
  }
  return report(stage, played, narrator, { seed, mode, faults: 'responses to creates 800 ms late' });
}
