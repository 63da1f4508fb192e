import pLimit from 'p-limit';
import { unlessAborted } from './detach.ts';
import { type Ending, endingOf } from './ending.ts';
import type { Kind, Submitted } from './kind.ts';
import { endingJson, endingLine, progressLine } from './lines.ts';
import { createLiveView, type LiveView } from './live-view.ts';
import { progressOf } from './progress.ts';
import type { Session } from './session.ts';

interface Followed<Input, Result, Progress> {
  readonly kind: Kind<Input, Result, Progress>;
  readonly input: Input;
  readonly submitted: readonly Submitted<Result>[];
  /** Whether to print one line of JSON for each workflow instead of lines for people. */
  readonly json: boolean;
}

const MAX_QUERIES_AT_ONCE = 20;
const REFRESH_EVERY_MS = 500;

/**
 * Shows the progress of workflows until all have ended or the user detaches, and prints how each ended.
 * @returns the exit code: 0 when all succeeded, 1 otherwise
 */
export async function follow<Input, Result, Progress>(
  session: Session,
  { kind, input, submitted, json }: Followed<Input, Result, Progress>,
): Promise<number> {
  const { output, detach } = session;
  const view: LiveView = json
    ? { isLive: false, show: () => undefined, print: output.print, end: () => undefined }
    : createLiveView(output.stdout);
  const width = Math.max(...submitted.map(({ id }) => id.length));
  const open = new Set(submitted.map(({ id }) => id));
  let successes = 0;
  const onEnding = (workflow: Submitted<Result>, ending: Ending<Result>) => {
    if (detach.aborted) return;
    open.delete(workflow.id);
    if (ending.kind === 'result' && kind.isSuccess(ending.result)) successes += 1;
    view.print(json ? endingJson(kind, workflow.id, ending) : endingLine(kind, workflow, ending, width));
  };
  const allEnded = Promise.all(submitted.map(async (each) => onEnding(each, await endingOf(kind, each.handle))));
  const stopRefreshing = json || !output.stdout.isTTY ? () => undefined : keepShowing(session, kind, open, width, view);

  await unlessAborted(allEnded, detach);
  stopRefreshing();
  view.end();
  if (detach.aborted) {
    const detached = { error: `detached: the ${kind.name} is still running`, code: 'DETACHED' };
    if (json) for (const id of open) output.print(JSON.stringify({ [kind.idField]: id, ...detached }));
    output.note(`detached: ${open.size} of ${submitted.length} ${kind.name}s still running`);
    output.note(kind.checkAgain([...open], input));
  }
  return successes === submitted.length ? 0 : 1;
}

/**
 * Keeps the progress of open workflows up to date on a terminal.
 * @returns a function that stops it
 */
function keepShowing<Input, Result, Progress>(
  { client }: Session,
  kind: Kind<Input, Result, Progress>,
  open: ReadonlySet<string>,
  width: number,
  view: LiveView,
): () => void {
  const limit = pLimit(MAX_QUERIES_AT_ONCE);
  const lines = new Map<string, string>();
  const refresh = async () => {
    const queried = [...open].slice(0, MAX_QUERIES_AT_ONCE);
    await Promise.all(
      queried.map((id) =>
        limit(async () => lines.set(id, progressLine(kind, id, await progressOf(client, kind, id), width))),
      ),
    );
    view.show([...open].map((id) => lines.get(id) ?? `… ${id}`));
  };
  let refreshing = false;
  const timer = setInterval(() => {
    if (refreshing) return;
    refreshing = true;
    void refresh().finally(() => {
      refreshing = false;
    });
  }, REFRESH_EVERY_MS);
  return () => clearInterval(timer);
}
