import { colors } from '../../src/platform/logging/colors.ts';
import { auditLines } from '../../src/services/ticket-system/print-audit.ts';
import type { PlayedOrders } from '../../testbed/play-orders.ts';
import type { Stage } from '../../testbed/stage.ts';
import type { DemoNarrator } from './acts.ts';
import type { DemoOptions, DemoResult } from './options.ts';
import { printOrders, rowOf } from './order-table.ts';
import { judge, verdictLine } from './verdict.ts';

interface ReportOptions extends Pick<DemoOptions, 'seed' | 'mode'> {
  readonly faults: string;
  /** How many creates the kill of the worker has hit; undefined if none is killed. */
  readonly inFlight?: number;
  /** What else the demo did not show, one sentence each; default nothing. */
  readonly alsoWrong?: readonly string[];
}

/** Prints the orders, the audit and everything that is wrong, and returns the result. */
export async function report(
  stage: Pick<Stage, 'audit' | 'databaseDir'>,
  { ended, lateVoids }: PlayedOrders,
  narrator: DemoNarrator,
  { seed, mode, faults, inFlight, alsoWrong = [] }: ReportOptions,
): Promise<DemoResult> {
  await narrator.act(
    'The verdict',
    'An audit counts the ticket files on disk and the lines of the ledger. It shares no code with the workflow.',
  );
  const orders = ended.map((order) => rowOf(order, lateVoids));
  printOrders(orders, narrator);
  narrator.line();
  const [audit, judged] = await Promise.all([stage.audit(), judge(stage, ended)]);
  const missed = inFlight === 0 ? ['the worker was killed while no create was in flight'] : [];
  const verdict = { ...judged, problems: [...judged.problems, ...missed, ...alsoWrong] };
  for (const line of auditLines(audit.counts)) narrator.line(line);
  for (const problem of verdict.problems) narrator.line(colors.red(`  ${problem}`));
  narrator.line();
  const { problems, ...counts } = verdict;
  return {
    ok: problems.length === 0,
    summary: verdictLine(verdict),
    details: { seed, faults, mode, inFlight, orders, audit: audit.counts, verdict: { ...counts, wrong: problems } },
  };
}
