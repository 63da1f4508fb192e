import { counted } from '../../src/contracts/counted.ts';
import { PROJECT_FOLDER } from '../../src/platform/processes/project-folder.ts';
import { orderIds, playOrders } from '../../testbed/play-orders.ts';
import { copySource } from '../../testbed/source-copy.ts';
import type { Stage } from '../../testbed/stage.ts';
import { WRONG_TICKET_SYSTEM_PORT } from '../live-fix/broken-lines.ts';
import type { DemoNarrator } from './acts.ts';
import type { DemoOptions, DemoResult } from './options.ts';
import { report } from './report.ts';
import { breakInCopy, fixInCopy, SECONDS_TO_READ, showWaiting } from './source-changes.ts';
import { resetBackOff, untilAllRetry } from './waiting-workflows.ts';

/** An activity has a bug. The orders wait, visibly, until it is fixed, and then complete. */
export async function liveFix(stage: Stage, narrator: DemoNarrator, options: DemoOptions): Promise<DemoResult> {
  const { seed, mode, faults = 'calm', orders = 3 } = options;
  await stage.setFaults({ seed, preset: faults });
  const source = await narrator.during('copying the source', copySource(PROJECT_FOLDER));
  try {
    await narrator.act(
      'A bug is deployed',
      `A colleague in a hurry changes a line, in a copy of the source. ${counted(orders, 'order')} will meet it.`,
    );
    await breakInCopy(source, WRONG_TICKET_SYSTEM_PORT, narrator);
    const broken = await narrator.during('starting a worker', stage.startWorker(source));
    const ids = orderIds(stage, orders);

    const played = await playOrders(stage, ids, narrator, async () => {
      const waiting = await narrator.during(
        'waiting for every order to fail more than once',
        untilAllRetry(stage, ids),
      );
      showWaiting('order', waiting, narrator);

      await narrator.act(
        `The bug is fixed while ${orders === 1 ? 'the order waits' : 'the orders wait'}`,
        'No order has failed, and none is started again. A worker starts with the right line, and each order goes on where it was.',
        SECONDS_TO_READ,
      );
      await fixInCopy(source, WRONG_TICKET_SYSTEM_PORT, narrator);
      await narrator.during('stopping the worker', broken.stop(15_000));
      await resetBackOff(stage, ids);
      const fixed = await narrator.during('starting a worker', stage.startWorker(source));
      narrator.step(`started worker ${fixed.pid} with the right line, and ended the pause before the next attempt`);
    });
    return await report(stage, played, narrator, { seed, mode, faults });
  } finally {
    await source.remove();
  }
}
