import { colors } from '../../src/platform/logging/colors.ts';
import { auditLines } from '../../src/services/ticket-system/print-audit.ts';
import type { Narrator } from '../../testbed/narrator.ts';
import type { PlayedOrders } from '../../testbed/play-orders.ts';
import type { Stage } from '../../testbed/stage.ts';
import type { DemoOptions, DemoResult } from './options.ts';
import { printOrders, rowOf } from './order-table.ts';
import { judge, verdictLine } from './verdict.ts';

/** Prints the orders, the audit and everything that is wrong, and returns the result. */
export async function report(
  stage: Pick<Stage, 'audit' | 'databaseDir'>,
  { ended, lateVoids }: PlayedOrders,
  narrator: Narrator,
  options: Pick<DemoOptions, 'seed' | 'mode'> & { readonly faults: string },
): Promise<DemoResult> {
  const orders = ended.map((order) => rowOf(order, lateVoids));
  narrator.line();
  printOrders(orders, narrator);
  const [audit, verdict] = await Promise.all([stage.audit(), judge(stage, ended)]);
  narrator.heading('Audit of the files and the ledger');
  for (const line of auditLines(audit.counts)) narrator.line(line);
  for (const problem of verdict.problems) narrator.line(colors.red(`  ${problem}`));
  narrator.line();
  const { seed, mode, faults } = options;
  const { problems, ...counts } = verdict;
  return {
    ok: problems.length === 0,
    summary: verdictLine(verdict),
    details: { seed, faults, mode, orders, audit: audit.counts, verdict: { ...counts, wrong: problems } },
  };
}
