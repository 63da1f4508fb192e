import { counted } from '../contracts/counted.ts';
import { durationText } from '../contracts/times.ts';
import { colors } from '../platform/logging/colors.ts';
import type { Inspection } from './inspection.ts';
import type { Kind } from './kind.ts';
import type { Wait } from './wait.ts';
import { waitSummary } from './wait-text.ts';

/** What is shown of workflows while some of them are open. */
export interface Shown<Progress> {
  readonly kind: Pick<Kind<never, never, Progress>, 'name' | 'progressText'>;
  readonly total: number;
  /** The open ones in the order in which they were submitted; undefined until they have been inspected. */
  readonly open: ReadonlyMap<string, Inspection<Progress> | undefined>;
  /** Further facts for the summary: `0 duplicates`. */
  readonly facts: readonly string[];
  readonly elapsedMs: number;
  /** For how long Temporal has not responded; undefined while it does. */
  readonly silentForMs?: number | undefined;
  /** Epoch milliseconds. */
  readonly nowMs: number;
}

interface OpenLine {
  /** What the summary counts it as: `settling`. */
  readonly state: string;
  readonly text: string;
  /** 0 for what keeps it from going on, which is shown first. */
  readonly rank: 0 | 1;
}

const SUBMITTED = 'submitted';
const WAITING = 'waiting for a worker';
const FAILING = 'failing';
const RETRYING = 'retrying';
/** What keeps workflows from going on is counted last. */
const TROUBLES = [RETRYING, FAILING, WAITING];
const MAX_IDS = 5;

/** The lines and the summary of a live view: what has trouble first; those that were only submitted share a line, and those that wait for a worker. */
export function progressLines<Progress>(shown: Shown<Progress>): {
  readonly lines: readonly string[];
  readonly summary: string | undefined;
} {
  const { kind, total, open, elapsedMs } = shown;
  const width = Math.max(0, ...[...open.keys()].map((id) => id.length));
  const each = [...open].map(([id, inspection]) => ({ id, ...openLine(kind, inspection, shown.nowMs) }));
  const elapsed = durationText(elapsedMs);
  const lineOf = ({ id, text, rank }: { readonly id: string } & OpenLine) =>
    `${rank === 0 ? colors.red('!') : colors.yellow('…')} ${id.padEnd(width)}  ${text}`;
  const idsIn = (wanted: string) => each.flatMap(({ id, state }) => (state === wanted ? [id] : []));
  const others = each.filter(({ state }) => state !== WAITING && state !== SUBMITTED);
  const lines = [0, 1].flatMap((rank) => others.filter((line) => line.rank === rank).map(lineOf));
  const silence =
    shown.silentForMs === undefined
      ? []
      : [
          `${colors.red('!')} Temporal has not responded for ${durationText(shown.silentForMs)}; what was known before:`,
        ];
  if (total === 1) {
    // At the end of a line that is too long, nobody would see that it goes on.
    const [line] = each.map((one) => lineOf({ ...one, text: `${colors.dim(elapsed)}  ${one.text}` }));
    return { lines: [...silence, ...(line === undefined ? [] : [line])], summary: undefined };
  }
  return {
    lines: [
      ...silence,
      ...lines,
      ...sharedLine(kind.name, idsIn(SUBMITTED), ['was submitted', 'were submitted']),
      ...sharedLine(kind.name, idsIn(WAITING), ['waits for a worker', 'wait for a worker']),
    ],
    summary: [
      colors.bold(`${total - open.size}/${total} done`),
      ...countedStates(each.map(({ state }) => state)),
      ...shown.facts,
      elapsed,
    ].join(' · '),
  };
}

function openLine<Progress>(
  kind: Shown<Progress>['kind'],
  inspection: Inspection<Progress> | undefined,
  nowMs: number,
): OpenLine {
  if (inspection === undefined) return { state: SUBMITTED, text: colors.dim(SUBMITTED), rank: 1 };
  const { waits, progress } = inspection;
  const [first] = waits;
  if (first?.kind === 'worker') return { state: WAITING, text: waitSummary(first, nowMs), rank: 1 };
  if (first?.kind === 'workflow task') return { state: FAILING, text: waitSummary(first, nowMs), rank: 0 };
  if (first?.kind === 'repeated workflow task') return { state: RETRYING, text: waitSummary(first, nowMs), rank: 0 };
  const failed = waits.find((wait) => wait.kind === 'activity' && wait.error !== undefined);
  if (failed !== undefined) return { state: RETRYING, text: waitSummary(failed, nowMs), rank: 0 };
  if (progress === undefined) {
    return { state: 'running', text: first === undefined ? colors.dim('running') : waitSummary(first, nowMs), rank: 1 };
  }
  const { step, last } = kind.progressText(progress);
  const until = waits.find(isForATime);
  const texts = [
    step,
    ...(until === undefined ? [] : [waitSummary(until, nowMs)]),
    ...(last === undefined ? [] : [colors.dim(`last: ${last}`)]),
  ];
  return { state: step.split(',')[0] ?? step, text: texts.join(' · '), rank: 1 };
}

function isForATime({ kind }: Wait): boolean {
  return kind === 'fence' || kind === 'next create' || kind === 'final check';
}

/** One line for all of them, if there are any. */
function sharedLine(
  name: string,
  ids: readonly string[],
  [one, several]: readonly [string, string],
): readonly string[] {
  if (ids.length === 0) return [];
  const more = ids.length > MAX_IDS ? ' …' : '';
  const named = colors.dim(`${ids.slice(0, MAX_IDS).join(' ')}${more}`);
  return [`${colors.yellow('…')} ${counted(ids.length, name)} ${ids.length === 1 ? one : several}  ${named}`];
}

function countedStates(states: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const state of states) counts.set(state, (counts.get(state) ?? 0) + 1);
  return [...counts]
    .sort(([one], [other]) => TROUBLES.indexOf(one) - TROUBLES.indexOf(other))
    .map(([state, count]) => `${count} ${state}`);
}
