import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { counted } from '../../src/contracts/counted.ts';
import { colors } from '../../src/platform/logging/colors.ts';
import type { Narrator } from '../../testbed/narrator.ts';
import type { SourceCopy } from '../../testbed/source-copy.ts';
import type { BrokenLine } from '../live-fix/broken-lines.ts';
import { changeLines } from '../live-fix/print-change.ts';
import type { WaitingWorkflow } from './waiting-workflows.ts';

/** How long an error stays on the screen before it is fixed. */
export const SECONDS_TO_READ = 8;

/** Breaks a line in a copy of the source, and shows the change. */
export function breakInCopy(source: SourceCopy, { file, right, wrong }: BrokenLine, narrator: Narrator) {
  return change(source, { file, from: right, to: wrong, verb: 'changed' }, narrator);
}

/** Puts the right line back, and shows the change. */
export function fixInCopy(source: SourceCopy, { file, right, wrong }: BrokenLine, narrator: Narrator) {
  return change(source, { file, from: wrong, to: right, verb: 'fixed' }, narrator);
}

async function change(
  source: SourceCopy,
  { file, from, to, verb }: Readonly<Record<'file' | 'from' | 'to' | 'verb', string>>,
  narrator: Narrator,
): Promise<void> {
  const read = async () => (await readFile(path.join(source.root, file), 'utf8')).split('\n');
  const before = await read();
  const line = await source.replaceLine(file, from, to);
  narrator.step(`${verb} ${colors.bold(`${file}:${line}`)}`);
  for (const each of changeLines({ line, before, after: await read() }, narrator.detailWidth())) narrator.detail(each);
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
