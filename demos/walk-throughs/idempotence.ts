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
import { otherTickets, submissionsText, submitAgain } from './submit-again.ts';

/** Creates fail before and after the commit, and each order is submitted three times: still one ticket each. */
export async function idempotence(stage: Stage, narrator: DemoNarrator, options: DemoOptions): Promise<DemoResult> {
  const { seed, mode, faults = 'failing-create', orders = 5 } = options;
  await narrator.act(
    `${counted(orders, 'order')}, and ${faults === 'failing-create' ? 'creates that fail before or after the commit' : `the faults of the preset ${faults}`}`,
    'An error does not say whether a ticket exists. If you retry, you may create a second one; if you do not, you may have none.',
  );
  await stage.setFaults({ seed, preset: faults });
  narrator.step('the faults of the ticket system:');
  const presets: Readonly<Record<string, readonly FaultRule<string>[]>> = TICKET_SYSTEM_PRESETS;
  const plan = { seed, preset: faults, rules: presets[faults] ?? [] };
  for (const line of planLines(plan, narrator.detailWidth())) narrator.detail(line);
  narrator.detail(colors.dim(`by hand: npm run faults -- ticket-system ${faults} --seed ${seed}`));
  await narrator.during('starting a worker', stage.startWorker());
  const ids = orderIds(stage, orders);
  const all = counted(orders, 'order');

  const played = await playOrders(stage, ids, narrator, async () => {
    narrator.step(`submitted ${all} a second time: ${submissionsText(await submitAgain(stage, ids))}`);
  });

  await narrator.act(
    `The same ${orders === 1 ? 'order' : 'orders'} once more`,
    `${orders === 1 ? 'The order' : 'Each order'} has ended. Submitted again, it must return the same ticket.`,
  );
  const again = await submitAgain(stage, ids);
  narrator.step(`submitted ${all} a third time: ${submissionsText(again)}`);
  const alsoWrong = await otherTickets(played.ended, again);
  if (alsoWrong.length === 0) narrator.detail(orders === 1 ? 'with the same ticket' : 'each with the same ticket');
  return report(stage, played, narrator, { seed, mode, faults, alsoWrong });
}
