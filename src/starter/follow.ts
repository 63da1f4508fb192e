import pLimit from 'p-limit';
import { createLiveView, type LiveView } from './live-view.ts';
import { whenAborted } from './when-aborted.ts';

/** Workflows that were submitted, and how they are shown while somebody waits for them. */
export interface Followed<Item, Ending> {
  /** For people: `orders`. */
  readonly what: string;
  readonly items: readonly Item[];
  readonly idOf: (item: Item) => string;
  /** Waits for the end; never throws. */
  readonly endingOf: (item: Item) => Promise<Ending>;
  readonly isSuccess: (ending: Ending) => boolean;
  /** What is printed of an end: for people or JSON. */
  readonly endingLine: (item: Item, ending: Ending) => string;
  /** What is shown of one that goes on, on a terminal. */
  readonly progressLine: (item: Item) => Promise<string>;
  /** JSON lines instead of words for people. */
  readonly json: boolean;
  /** Fires when the user wants to leave them alone. */
  readonly detach: AbortSignal;
  /** What is printed, as JSON, of one that goes on without the user. */
  readonly detachedLine: (item: Item) => string;
  /** How to see again what goes on without the user. */
  readonly checkAgain: (ids: readonly string[]) => string;
}

/** In JSON, the end of what was left to itself. */
export const DETACHED = { error: 'detached: it goes on', code: 'DETACHED' } as const;

const AT_ONCE = 20;
const VIEW_EVERY_MS = 500;

const silentView: LiveView = { show: () => undefined, say: (line) => console.log(line), end: () => undefined };

/**
 * Shows workflows live until all are over or the user detaches, and prints what became of each.
 * @returns the exit code: 0 when every one ended well, 1 otherwise
 */
export async function follow<Item, Ending>(followed: Followed<Item, Ending>): Promise<number> {
  const { what, items, idOf, json, detach } = followed;
  const view = json ? silentView : createLiveView();
  const open = new Map(items.map((item) => [idOf(item), item]));
  let successes = 0;
  const ended = (item: Item, ending: Ending) => {
    if (detach.aborted) return;
    open.delete(idOf(item));
    if (followed.isSuccess(ending)) successes += 1;
    view.say(followed.endingLine(item, ending));
  };
  const all = Promise.all(items.map(async (item) => ended(item, await followed.endingOf(item))));
  const watching = watch(open, followed, view);

  await Promise.race([all, whenAborted(detach)]);
  watching.stop();
  view.end();
  if (detach.aborted) {
    if (json) for (const item of open.values()) view.say(followed.detachedLine(item));
    console.error(`detached: ${open.size} of ${items.length} ${what} go on without you`);
    console.error(followed.checkAgain([...open.keys()]));
  }
  return successes === items.length ? 0 : 1;
}

function watch<Item, Ending>(open: Map<string, Item>, { progressLine }: Followed<Item, Ending>, view: LiveView) {
  const limit = pLimit(AT_ONCE);
  const lines = new Map<string, string>();
  const look = async () => {
    const shown = [...open].slice(0, AT_ONCE);
    await Promise.all(shown.map(([id, item]) => limit(async () => lines.set(id, await progressLine(item)))));
    view.show([...open.keys()].map((id) => lines.get(id) ?? `… ${id}`));
  };
  let looking = false;
  const timer = setInterval(() => {
    if (looking || !process.stdout.isTTY) return;
    looking = true;
    void look().finally(() => {
      looking = false;
    });
  }, VIEW_EVERY_MS);
  return { stop: () => clearInterval(timer) };
}
