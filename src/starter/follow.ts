import { unlessAborted } from './detach.ts';
import { type Ending, endingOf } from './ending.ts';
import { keepShowing } from './keep-showing.ts';
import type { Kind, Submitted } from './kind.ts';
import { ENDING_INDENT, endingJson, endingLine } from './lines.ts';
import { createLiveView, type LiveView } from './live-view.ts';
import type { Session } from './session.ts';

interface Followed<Input, Result, Progress> {
  readonly kind: Kind<Input, Result, Progress>;
  readonly input: Input;
  readonly submitted: readonly Submitted<Result>[];
  /** Whether to print one line of JSON for each workflow instead of lines for people. */
  readonly json: boolean;
}

/**
 * Shows the progress of workflows until all have ended or the user detaches, and prints how each ended.
 * @returns the exit code: 0 when all succeeded, 1 otherwise
 */
export async function follow<Input, Result, Progress>(
  session: Session,
  { kind, input, submitted, json }: Followed<Input, Result, Progress>,
): Promise<number> {
  const { client, output, detach } = session;
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
    if (json) output.print(endingJson(kind, workflow.id, ending));
    else output.say(endingLine(kind, workflow, ending, width), ENDING_INDENT);
  };
  // A call that is still open when the connection closes would keep it open.
  const allEnded = client.withAbortSignal(detach, () =>
    Promise.all(submitted.map(async (each) => onEnding(each, await endingOf(kind, each.handle)))),
  );
  const stopShowing = keepShowing({ client, kind, total: submitted.length, open, view });

  await unlessAborted(allEnded, detach);
  stopShowing();
  view.end();
  if (detach.aborted) {
    const detached = { error: `detached: the ${kind.name} is still running`, code: 'DETACHED' };
    if (json) for (const id of open) output.print(JSON.stringify({ [kind.idField]: id, ...detached }));
    const running =
      submitted.length === 1
        ? `the ${kind.name} is`
        : `${open.size} of ${submitted.length} ${kind.name}s ${open.size === 1 ? 'is' : 'are'}`;
    output.note(`detached: ${running} still running`);
    output.noteToCopy(kind.checkAgain([...open], input));
  }
  return successes === submitted.length ? 0 : 1;
}
