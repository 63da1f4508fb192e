import { counted } from '../src/contracts/counted.ts';
import { waitUntil } from '../src/platform/processes/wait-until.ts';
import { type Ending, endingOf } from '../src/starter/ending.ts';
import { keepShowing } from '../src/starter/keep-showing.ts';
import type { Kind, Submitted } from '../src/starter/kind.ts';
import type { Narrator } from './narrator.ts';
import type { Stage } from './stage.ts';

const END_WITHIN_MS = 300_000;
const CHECK_EVERY_MS = 100;

interface Ended<Result> {
  readonly id: string;
  readonly ending: Ending<Result>;
}

/**
 * Waits until all workflows have ended, and shows the progress of those that are open.
 * @param onEnding called for each workflow when it has ended
 * @returns how each ended, in the order in which they were submitted
 * @param findFacts finds out further facts to show: `0 duplicates`
 * @throws when they have not all ended within five minutes
 */
export async function followAll<Input, Result, Progress>(
  { client }: Stage,
  kind: Kind<Input, Result, Progress>,
  submitted: readonly Submitted<Result>[],
  narrator: Narrator,
  onEnding: (workflow: Submitted<Result>, ending: Ending<Result>, width: number) => void = () => undefined,
  findFacts?: () => Promise<readonly string[]>,
): Promise<readonly Ended<Result>[]> {
  const open = new Set(submitted.map(({ id }) => id));
  const width = Math.max(...submitted.map(({ id }) => id.length));
  const allEnded = Promise.all(
    submitted.map(async (workflow) => {
      const ending = await endingOf(kind, workflow.handle);
      open.delete(workflow.id);
      onEnding(workflow, ending, width);
      return { id: workflow.id, ending };
    }),
  );
  const stopShowing = keepShowing({
    ...{ client, kind, total: submitted.length, open },
    view: { isLive: narrator.isTerminal, show: narrator.show },
    ...(findFacts === undefined ? {} : { findFacts }),
  });
  try {
    await waitUntil(() => open.size === 0, {
      what: `the end of ${counted(submitted.length, kind.name)}`,
      timeoutMs: END_WITHIN_MS,
      everyMs: CHECK_EVERY_MS,
    });
  } finally {
    stopShowing();
    narrator.show([]);
  }
  return allEnded;
}
