import { fileURLToPath } from 'node:url';
import { Worker, type WorkerOptions } from 'node:worker_threads';
import type { Found, Search } from './search.ts';
import type { ThreadMessage } from './search-thread.ts';

const RUNNER = fileURLToPath(new URL('../../scripts/run.mjs', import.meta.url));

/**
 * Searches on several threads at once.
 * @returns the smallest of the broken seeds that were found; the others stop when one is found
 * @throws the error of a thread that broke down
 */
export async function searchOnThreads(
  { fromSeed, seeds, guarantee }: Search,
  threads: number,
  onPlayed: (count: number) => void,
): Promise<Found | undefined> {
  const workers: Worker[] = [];
  const found: Found[] = [];
  const shares = Array.from({ length: threads }, (_, index) => {
    const share: Search = {
      fromSeed: fromSeed + index,
      seeds: Math.floor((seeds + threads - 1 - index) / threads),
      step: threads,
      ...(guarantee === undefined ? {} : { guarantee }),
    };
    return share;
  });
  const stopAll = () => Promise.all(workers.map((worker) => worker.terminate()));
  await Promise.all(
    shares.map(async (share) => {
      const worker = new Worker(RUNNER, { argv: ['evidence/simulation/search-thread.ts'], workerData: share });
      workers.push(worker);
      const one = await endOf(worker, onPlayed);
      if (one === undefined) return;
      found.push(one);
      await stopAll();
    }),
  );
  return found.sort((a, b) => a.seed - b.seed)[0];
}

/** One thread that runs a compiled program, such as a mutant. */
export function searchOnThread(
  program: string,
  share: Search,
  options: { readonly timeoutMs: number },
): Promise<Found | 'hangs' | undefined> {
  const worker = new Worker(program, { workerData: share } satisfies WorkerOptions);
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      resolve('hangs');
      void worker.terminate();
    }, options.timeoutMs);
    endOf(worker, () => undefined)
      .then(resolve, reject)
      .finally(() => clearTimeout(timer));
  });
}

/** @returns what the thread found; undefined also when it was stopped */
function endOf(worker: Worker, onPlayed: (count: number) => void): Promise<Found | undefined> {
  return new Promise((resolve, reject) => {
    worker.on('message', (message: ThreadMessage) => {
      if (message.kind === 'played') onPlayed(message.count);
      else resolve(message.found);
    });
    worker.once('error', reject);
    worker.once('exit', () => resolve(undefined));
  });
}
