import { timingsEnvironment } from '../../src/platform/config/timings-environment.ts';
import { colors } from '../../src/platform/logging/colors.ts';
import { untilCreatesInFlight } from '../../testbed/creates-in-flight.ts';
import type { Narrator } from '../../testbed/narrator.ts';
import { orderIds, playOrders } from '../../testbed/play-orders.ts';
import { DEMO_TIMINGS, type Stage } from '../../testbed/stage.ts';
import type { DemoOptions, DemoResult } from './options.ts';
import { report } from './report.ts';
import { submitAgain } from './submit-again.ts';

const ORDERS = 20;
const SUBMITTED_AGAIN = 5;
/** The worker is killed when this many creates are in flight, or one for each order if there are fewer. */
const CREATES_IN_FLIGHT = 3;

/** Many orders, a ticket system with hostile faults, a worker that is killed, resubmissions: still one ticket each. */
export async function mainDemo(stage: Stage, narrator: Narrator, options: DemoOptions): Promise<DemoResult> {
  const { seed, mode, faults = 'hostile', orders = ORDERS } = options;
  narrator.line(`faults ${colors.bold(faults)}, seed ${seed}, guarantee ${mode}`);
  const timings = Object.entries(timingsEnvironment(DEMO_TIMINGS)).map(([name, value]) => `${name}=${value}`);
  narrator.line(colors.dim(timings.join(' ')));
  await stage.setFaults({ seed, preset: faults });
  const worker = await stage.startWorker();
  const ids = orderIds(stage, orders);

  const played = await playOrders(stage, ids, narrator, async () => {
    const inFlight = await untilCreatesInFlight(stage, ids, Math.min(CREATES_IN_FLIGHT, orders));
    await worker.kill();
    narrator.step(`killed worker ${worker.pid} (SIGKILL) with ${inFlight} creates in flight`);
    const replacement = await stage.startWorker();
    narrator.step(`started worker ${replacement.pid}, which continues`);
    const again = ids.slice(0, SUBMITTED_AGAIN);
    narrator.step(`submitted ${again.length} orders again: ${await submitAgain(stage, again)}`);
  });
  return report(stage, played, narrator, { seed, mode, faults });
}
