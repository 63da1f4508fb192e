import { colors } from '../../src/platform/logging/colors.ts';
import type { Narrator } from '../../testbed/narrator.ts';
import { printOrders, scenarioOf } from '../../testbed/order-table.ts';
import type { PlayedOrders } from '../../testbed/play-orders.ts';
import type { Stage } from '../../testbed/stage.ts';
import type { DemoOptions, DemoResult } from './options.ts';
import { judge, verdictLine } from './verdict.ts';

/** Prints a line per order, the audit and what is wrong, and gives the verdict. */
export async function report(
  stage: Pick<Stage, 'audit' | 'databaseDir'>,
  { ended, lateVoids }: PlayedOrders,
  narrator: Narrator,
  options: Pick<DemoOptions, 'seed' | 'mode'> & { readonly faults: string },
): Promise<DemoResult> {
  const orders = ended.map((order) => scenarioOf(order, lateVoids));
  narrator.line();
  printOrders(orders, narrator);
  const [audit, verdict] = await Promise.all([stage.audit(), judge(stage, ended)]);
  narrator.heading('The audit, from files and ledger alone');
  for (const [name, value] of Object.entries(audit.counts)) {
    narrator.line(`  ${name.padEnd(12)} ${String(value).padStart(4)}`);
  }
  for (const wrong of verdict.wrong) narrator.line(colors.red(`  ${wrong}`));
  narrator.line();
  const { seed, mode, faults } = options;
  return {
    ok: verdict.wrong.length === 0,
    summary: verdictLine(verdict),
    details: { seed, faults, mode, orders, audit: audit.counts, verdict },
  };
}
