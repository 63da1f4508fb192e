import { waitUntil } from '../src/platform/processes/wait-until.ts';
import { type Ending, endingOf } from '../src/starter/ending.ts';
import type { Kind, Submitted } from '../src/starter/kind.ts';
import { progressLine } from '../src/starter/lines.ts';
import { progressOf } from '../src/starter/progress.ts';
import type { Narrator } from './narrator.ts';
import type { Stage } from './stage.ts';

const END_WITHIN_MS = 300_000;
const REFRESH_EVERY_MS = 400;
/** More lines would not fit on a terminal. */
const MAX_SHOWN = 20;

interface Ended<Result> {
  readonly id: string;
  readonly ending: Ending<Result>;
}

/**
 * Waits until all workflows have ended, and shows the progress of those that are open.
 * @param onEnding called for each workflow when it has ended
 * @returns how each ended, in the order in which they were submitted
 * @throws when they have not all ended within five minutes
 */
export async function followAll<Input, Result, Progress>(
  { client }: Stage,
  kind: Kind<Input, Result, Progress>,
  submitted: readonly Submitted<Result>[],
  narrator: Narrator,
  onEnding: (workflow: Submitted<Result>, ending: Ending<Result>, width: number) => void = () => undefined,
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
  await waitUntil(
    async () => {
      const shown = [...open].slice(0, MAX_SHOWN);
      const lineOf = async (id: string) => progressLine(kind, id, await progressOf(client, kind, id), width);
      narrator.show(await Promise.all(shown.map(lineOf)));
      return open.size === 0;
    },
    { what: `the end of ${submitted.length} ${kind.name}s`, timeoutMs: END_WITHIN_MS, everyMs: REFRESH_EVERY_MS },
  );
  narrator.show([]);
  return allEnded;
}
