import { counted } from '../../src/contracts/counted.ts';
import { colors } from '../../src/platform/logging/colors.ts';
import type { Narrator } from '../../testbed/narrator.ts';
import type { DemoResult } from './options.ts';

/**
 * Prints what a demo did not show, and makes it part of the result.
 * @param result by its numbers alone; if these are good, the summary counts the problems
 * @param problems one sentence each
 */
export function withProblems(
  { ok, summary, details }: DemoResult & { readonly details: object },
  problems: readonly string[],
  narrator: Pick<Narrator, 'line'>,
): DemoResult {
  for (const problem of problems) narrator.line(colors.red(`  ${problem}`));
  return {
    ok: ok && problems.length === 0,
    summary: ok && problems.length > 0 ? `${summary}, ${counted(problems.length, 'problem')}` : summary,
    details: { ...details, wrong: problems },
  };
}
