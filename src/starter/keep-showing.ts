import type { Client } from '@temporalio/client';
import { describeWorkflow } from 'exactly-one/client';
import { createInspect, type Inspection } from './inspection.ts';
import type { Kind } from './kind.ts';
import type { LiveView } from './live-view.ts';
import { progressLines } from './progress-lines.ts';
import { watchResponses } from './watch-responses.ts';

interface Watched<Progress> {
  readonly client: Client;
  readonly kind: Pick<
    Kind<never, never, Progress>,
    'name' | 'workflowId' | 'progressQuery' | 'isProgress' | 'progressWait' | 'progressText'
  >;
  readonly total: number;
  /** The ids that are still open, in the order of their submission. They leave it as they end. */
  readonly open: ReadonlySet<string>;
  readonly view: Pick<LiveView, 'isLive' | 'show'>;
  /** Finds out further facts for the summary: `0 duplicates`. Default none. */
  readonly findFacts?: () => Promise<readonly string[]>;
}

const INSPECT_EVERY_MS = 400;
const MAX_INSPECTIONS_AT_ONCE = 20;
/** How long Temporal may take to respond before the view says that it does not. */
const RESPONSE_TIMEOUT_MS = 2_000;
/** Times that are counted down look alive. */
const DRAW_EVERY_MS = 250;

/**
 * Keeps a live view of open workflows up to date: what each does or waits for, and how many do what. What Temporal does
 * not answer in time is shown as it was, and when it does not respond at all, the view says so; in a pipe nothing is
 * asked.
 * @returns a function that stops it
 */
export function keepShowing<Progress>(watched: Watched<Progress>): () => void {
  const { client, kind, total, open, view, findFacts = async () => [] } = watched;
  if (!view.isLive) return () => undefined;
  const startedAtMs = Date.now();
  const inspections = new Map<string, Inspection<Progress>>();
  let facts: readonly string[] = [];
  let stopped = false;
  const responses = watchResponses(() =>
    client.withDeadline(Date.now() + RESPONSE_TIMEOUT_MS, () => client.workflowService.getSystemInfo({})),
  );
  const draw = () => {
    const nowMs = Date.now();
    const openNow = new Map([...open].map((id) => [id, inspections.get(id)]));
    const { lines, summary } = progressLines({
      ...{ kind, total, facts, nowMs, silentForMs: responses.silentForMs(nowMs) },
      open: openNow,
      elapsedMs: nowMs - startedAtMs,
    });
    view.show(lines, summary);
  };
  draw();
  const drawing = setInterval(draw, DRAW_EVERY_MS);
  let round = 0;
  const inspectedIn = new Map<string, number>();
  const inspectSome = async () => {
    round += 1;
    const inspect = createInspect(client);
    const due = [...open]
      .sort((one, other) => (inspectedIn.get(one) ?? 0) - (inspectedIn.get(other) ?? 0))
      .slice(0, MAX_INSPECTIONS_AT_ONCE);
    for (const id of due) inspectedIn.set(id, round);
    await Promise.allSettled([
      ...due.map(async (id) => {
        const described = await describeWorkflow(client, kind.workflowId(id));
        if (described !== undefined) inspections.set(id, await inspect(kind, id, described));
      }),
      findFacts().then((found) => {
        facts = found;
      }),
    ]);
  };
  const inspecting = async () => {
    await inspectSome();
    if (!stopped) next = setTimeout(() => void inspecting(), INSPECT_EVERY_MS);
  };
  let next = setTimeout(() => void inspecting(), 0);
  return () => {
    stopped = true;
    responses.stop();
    clearInterval(drawing);
    clearTimeout(next);
  };
}
