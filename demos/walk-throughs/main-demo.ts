import { counted } from '../../src/contracts/counted.ts';
import { timingsEnvironment } from '../../src/platform/config/timings-environment.ts';
import { colors } from '../../src/platform/logging/colors.ts';
import { holdResponses } from '../../testbed/creates-in-flight.ts';
import { orderIds, playOrders } from '../../testbed/play-orders.ts';
import { DEMO_TIMINGS, type Stage } from '../../testbed/stage.ts';
import type { DemoNarrator } from './acts.ts';
import { killDuringCreates } from './kill-worker.ts';
import type { DemoOptions, DemoResult } from './options.ts';
import { report } from './report.ts';
import { submissionsText, submitAgain } from './submit-again.ts';

const ORDERS = 20;
const SUBMITTED_AGAIN = 5;
/** The worker is killed when this many creates are in flight, or one for each order if there are fewer. */
const CREATES_IN_FLIGHT = 3;
/** Until the kill, the response to so many creates is held back; with fewer than ten orders, to all of them. */
const SHARE_HELD = 0.4;
const MANY_ORDERS = 10;

/** Many orders, a ticket system with hostile faults, a worker that is killed, resubmissions: still one ticket each. */
export async function mainDemo(stage: Stage, narrator: DemoNarrator, options: DemoOptions): Promise<DemoResult> {
  const { seed, mode, faults = 'hostile', orders = ORDERS } = options;
  const areAllHeld = orders < MANY_ORDERS;
  await narrator.act(
    `${counted(orders, 'order')}, and a worker that is killed`,
    `${faultText(faults)}${areAllHeld ? ' Until the worker is killed, creates meet no fault but a late response.' : ''} When creates are in flight the worker is killed, so nobody is left to receive their responses.`,
  );
  narrator.step(`faults ${colors.bold(faults)}, seed ${seed}, guarantee ${mode}`);
  const timings = Object.entries(timingsEnvironment(DEMO_TIMINGS)).map(([name, value]) => `${name}=${value}`);
  narrator.detail(colors.dim(timings.join(' ')));
  const held = holdResponses({ seed, preset: faults, share: areAllHeld ? 1 : SHARE_HELD });
  await stage.setFaults(held);
  const worker = await narrator.during('starting a worker', stage.startWorker());
  const ids = orderIds(stage, orders);

  let inFlight = 0;
  const played = await playOrders(stage, ids, narrator, async () => {
    inFlight = await killDuringCreates(stage, worker, held, Math.min(CREATES_IN_FLIGHT, orders), narrator);
    await stage.setFaults({ seed, preset: faults });

    await narrator.act(
      'A new worker',
      `It replays the history of each order, asks the ticket system which tickets exist, and only then decides whether to create another one. ${counted(Math.min(SUBMITTED_AGAIN, orders), 'order')} ${orders === 1 ? 'is' : 'are'} also submitted a second time, which must not lead to a second ticket.`,
    );
    const replacement = await narrator.during('starting a worker', stage.startWorker());
    narrator.step(`started worker ${replacement.pid}, which continues`);
    const again = ids.slice(0, SUBMITTED_AGAIN);
    narrator.step(
      `submitted ${counted(again.length, 'order')} again: ${submissionsText(await submitAgain(stage, again))}`,
    );
  });
  return report(stage, played, narrator, { seed, mode, faults, inFlight });
}

function faultText(preset: string): string {
  return preset === 'hostile'
    ? 'The ticket system fails before it commits, fails after it commits, commits late and responds with nonsense.'
    : `The ticket system has the fault preset ${preset}.`;
}
