import { counted } from '../../src/contracts/counted.ts';
import { colors } from '../../src/platform/logging/colors.ts';
import type { FaultRule } from '../../src/services/faults/fault-rules.ts';
import { planLines } from '../../src/services/faults/print-plan.ts';
import { TICKET_SYSTEM_PRESETS } from '../../src/services/faults/ticket-system-faults.ts';
import { orderIds, playOrders } from '../../testbed/play-orders.ts';
import type { Stage } from '../../testbed/stage.ts';
import type { DemoNarrator } from './acts.ts';
import type { DemoOptions, DemoResult } from './options.ts';
import { report } from './report.ts';
import { submitAgain } from './submit-again.ts';

/** Creates fail before and after the commit, and each order is submitted three times: still one ticket each. */
export async function idempotence(stage: Stage, narrator: DemoNarrator, options: DemoOptions): Promise<DemoResult> {
  const { seed, mode, faults = 'failing-create', orders = 5 } = options;
  await narrator.act(
    `${counted(orders, 'order')}, and creates that fail before or after the commit`,
    'An error does not tell whether a ticket was created. Whoever simply tries again gets a second one, whoever does not may get none.',
  );
  await stage.setFaults({ seed, preset: faults });
  narrator.step('the faults of the ticket system:');
  const presets: Readonly<Record<string, readonly FaultRule<string>[]>> = TICKET_SYSTEM_PRESETS;
  const plan = { seed, preset: faults, rules: presets[faults] ?? [] };
  for (const line of planLines(plan, narrator.detailWidth())) narrator.detail(line);
  narrator.detail(colors.dim(`by hand: npm run faults -- ticket-system ${faults} --seed ${seed}`));
  await narrator.during('starting a worker', stage.startWorker());
  const ids = orderIds(stage, orders);

  const played = await playOrders(stage, ids, narrator, async () => {
    narrator.step(`submitted all of them a second time: ${await submitAgain(stage, ids)}`);
  });

  await narrator.act(
    'The same orders once more',
    'Each order has ended. Submitted again, it answers with the same ticket.',
  );
  narrator.step(`submitted all of them a third time: ${await submitAgain(stage, ids)}`);
  return report(stage, played, narrator, { seed, mode, faults });
}
