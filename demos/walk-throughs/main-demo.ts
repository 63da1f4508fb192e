import { timingsEnvironment } from '../../src/platform/config/timings-environment.ts';
import { colors } from '../../src/platform/logging/colors.ts';
import { submitOrder } from '../../src/starter/order.ts';
import { untilCreatesInFlight } from '../../testbed/creates-in-flight.ts';
import type { Narrator } from '../../testbed/narrator.ts';
import { orderIds, playOrders } from '../../testbed/play-orders.ts';
import { DEMO_TIMINGS, type Stage } from '../../testbed/stage.ts';
import type { DemoOptions, DemoResult } from './options.ts';
import { report } from './report.ts';

const ORDERS = 20;
const SUBMITTED_AGAIN = 5;
/** The worker is killed when so many creates are in flight, or as many as there are orders. */
const CREATES_IN_FLIGHT = 3;

/** The main scenario: many orders, a hostile ticket system, a worker killed in the middle; and yet one ticket each. */
export async function mainDemo(stage: Stage, narrator: Narrator, options: DemoOptions): Promise<DemoResult> {
  const { seed, mode, faults = 'hostile', orders = ORDERS } = options;
  narrator.line(`faults ${colors.bold(faults)}, seed ${seed}, mode ${mode}`);
  const timings = Object.entries(timingsEnvironment(DEMO_TIMINGS)).map(([name, value]) => `${name}=${value}`);
  narrator.line(colors.dim(timings.join(' ')));
  await stage.setFaults({ seed, preset: faults });
  const worker = await stage.startWorker();
  const ids = orderIds(stage, orders);

  const played = await playOrders(stage, ids, narrator, async () => {
    const inFlight = await untilCreatesInFlight(stage, ids, Math.min(CREATES_IN_FLIGHT, orders));
    await worker.kill();
    narrator.step(`worker ${worker.pid} killed (SIGKILL) while ${inFlight} creates were in flight`);
    const replacement = await stage.startWorker();
    narrator.step(`a new worker, ${replacement.pid}, goes on`);
    const again = ids.slice(0, SUBMITTED_AGAIN);
    const submitted = await Promise.all(again.map((orderId) => submitOrder(stage.client, stage.taskQueue, orderId)));
    narrator.step(
      `${again.length} orders submitted again: ${submitted.map(({ submissionResult }) => submissionResult).join(', ')}`,
    );
  });
  return report(stage, played, narrator, { seed, mode, faults });
}
