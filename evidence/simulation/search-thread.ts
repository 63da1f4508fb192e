// The program of a search thread. It is bundled with a mutant into one file that runs in any folder, so it may not import
// packages from node_modules.
import { parentPort, workerData } from 'node:worker_threads';
import { type BrokenSeed, type SearchOptions, search } from './search.ts';

export type SearchThreadMessage =
  | { readonly kind: 'played'; readonly count: number }
  | { readonly kind: 'finished'; readonly broken: BrokenSeed | undefined };

/** A few messages per second are enough for the progress line. */
const SCENARIOS_PER_MESSAGE = 512;

const send = (message: SearchThreadMessage) => parentPort?.postMessage(message);
const options: SearchOptions = workerData;
let count = 0;
const broken = await search(options, (more) => {
  count += more;
  if (count < SCENARIOS_PER_MESSAGE) return;
  send({ kind: 'played', count });
  count = 0;
});
send({ kind: 'played', count });
send({ kind: 'finished', broken });
