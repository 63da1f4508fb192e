import { counted } from '../../src/contracts/counted.ts';
import { colors } from '../../src/platform/logging/colors.ts';
import type { Narrator } from '../../testbed/narrator.ts';
import type { SourceCopy } from '../../testbed/source-copy.ts';
import type { BrokenLine } from '../live-fix/broken-lines.ts';
import type { WaitingWorkflow } from './waiting-workflows.ts';

/** How long an error stays on the screen before it is fixed. */
export const SECONDS_TO_READ = 8;

/** Breaks a line in a copy of the source, and shows the change. */
export async function breakLine(source: SourceCopy, { file, right, wrong }: BrokenLine, narrator: Narrator) {
  const line = await source.replaceLine(file, right, wrong);
  showChange('changed', `${file}:${line}`, right, wrong, narrator);
}

/** Puts the right line back, and shows the change. */
export async function fixLine(source: SourceCopy, { file, right, wrong }: BrokenLine, narrator: Narrator) {
  const line = await source.replaceLine(file, wrong, right);
  showChange('fixed', `${file}:${line}`, wrong, right, narrator);
}

function showChange(verb: string, place: string, before: string, after: string, narrator: Narrator): void {
  narrator.step(`${verb} ${colors.bold(place)}`);
  narrator.detail(colors.red(`- ${before}`));
  narrator.detail(colors.green(`+ ${after}`));
}

/** Shows why workflows wait; those that wait for the same reason together. */
export function showWaiting(kind: string, waiting: readonly WaitingWorkflow[], narrator: Narrator): void {
  const reasons = new Map<string, [WaitingWorkflow, ...WaitingWorkflow[]]>();
  for (const each of waiting) {
    const reason = [each.activity, each.message, each.at].join('\n');
    reasons.set(reason, [each, ...(reasons.get(reason) ?? [])]);
  }
  for (const same of reasons.values()) {
    const { activity, attempt, message, at } = same[0];
    const verb = same.length === 1 ? 'waits' : 'wait';
    narrator.step(`${counted(same.length, kind)} ${verb}, and Temporal shows why:`);
    narrator.detail(`${activity} fails and is tried again, attempt ${attempt}`);
    narrator.detail(colors.red(message));
    narrator.detail(colors.dim(at));
  }
}
