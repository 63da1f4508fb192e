// A thread that plays the scenarios of its share of the seeds; it imports no packages, so that a mutant of it can be run
// from any folder.
import { parentPort, workerData } from 'node:worker_threads';
import { type Found, type Search, search } from './search.ts';

/** What a thread says of its work. */
export type ThreadMessage =
  | { readonly kind: 'played'; readonly count: number }
  | { readonly kind: 'ended'; readonly found: Found | undefined };

/** A message a few times in a second is enough for a progress line. */
const TOLD_EVERY = 512;

const say = (message: ThreadMessage) => parentPort?.postMessage(message);
const share: Search = workerData;
let untold = 0;
const found = await search(share, (count) => {
  untold += count;
  if (untold < TOLD_EVERY) return;
  say({ kind: 'played', count: untold });
  untold = 0;
});
say({ kind: 'played', count: untold });
say({ kind: 'ended', found });
