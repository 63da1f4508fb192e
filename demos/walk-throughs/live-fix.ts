import { colors } from '../../src/platform/logging/colors.ts';
import { PROJECT_FOLDER } from '../../src/platform/processes/project-folder.ts';
import type { Narrator } from '../../testbed/narrator.ts';
import { orderIds, playOrders } from '../../testbed/play-orders.ts';
import { copySource } from '../../testbed/source-copy.ts';
import type { Stage } from '../../testbed/stage.ts';
import { WRONG_TICKET_SYSTEM_PORT } from '../live-fix/broken-lines.ts';
import type { DemoOptions, DemoResult } from './options.ts';
import { report } from './report.ts';
import { resetBackOff, untilAllRetry } from './waiting-workflows.ts';

const { file, right, wrong } = WRONG_TICKET_SYSTEM_PORT;

/** An activity has a bug. The orders wait, visibly, until it is fixed, and then complete. */
export async function liveFix(stage: Stage, narrator: Narrator, options: DemoOptions): Promise<DemoResult> {
  const { seed, mode, faults = 'calm', orders = 3 } = options;
  await stage.setFaults({ seed, preset: faults });
  const source = await copySource(PROJECT_FOLDER);
  try {
    const line = await source.replaceLine(file, right, wrong);
    narrator.step(`a colleague in a hurry changes ${file}:${line} (in a copy of the source)`);
    narrator.line(colors.red(`         - ${right}`));
    narrator.line(colors.green(`         + ${wrong}`));
    const broken = await stage.startWorker(source);
    const ids = orderIds(stage, orders);

    const played = await playOrders(stage, ids, narrator, async () => {
      const waiting = await untilAllRetry(stage, ids);
      narrator.step('every order waits; Temporal shows why:');
      for (const { workflowId, activity, attempt, message, at } of waiting) {
        narrator.line(`         ${workflowId}  ${activity}, attempt ${attempt}: ${message}`);
        narrator.line(colors.dim(`         ${at}`));
      }
      await source.replaceLine(file, wrong, right);
      await broken.stop(15_000);
      await resetBackOff(stage, ids);
      narrator.step('fixed the line and ended the back-off of the waiting activities');
      await stage.startWorker(source);
      narrator.step('started the worker again');
    });
    return await report(stage, played, narrator, { seed, mode, faults });
  } finally {
    await source.remove();
  }
}
