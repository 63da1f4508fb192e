import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { PROJECT_FOLDER } from '../../src/platform/processes/project-folder.ts';
import type { BrokenSeed, SearchOptions } from './search.ts';
import type { SearchThreadMessage } from './search-thread.ts';

const RUN_SCRIPT = path.join(PROJECT_FOLDER, 'scripts/run.mjs');

/**
 * Searches on several threads. They all stop as soon as one finds a broken seed.
 * @returns the smallest broken seed that was found; undefined when every invariant held
 * @throws the error of a thread that failed
 */
export async function searchOnThreads(
  { fromSeed, seeds, guarantee }: SearchOptions,
  threads: number,
  onPlayed: (count: number) => void,
): Promise<BrokenSeed | undefined> {
  const workers: Worker[] = [];
  const found: BrokenSeed[] = [];
  const searchShare = async (index: number) => {
    const share: SearchOptions = {
      fromSeed: fromSeed + index,
      seeds: Math.floor((seeds + threads - 1 - index) / threads),
      step: threads,
      ...(guarantee === undefined ? {} : { guarantee }),
    };
    const worker = new Worker(RUN_SCRIPT, { argv: ['evidence/simulation/search-thread.ts'], workerData: share });
    workers.push(worker);
    const broken = await resultOf(worker, onPlayed);
    if (broken === undefined) return;
    found.push(broken);
    await Promise.all(workers.map((each) => each.terminate()));
  };
  await Promise.all(Array.from({ length: threads }, (_, index) => searchShare(index)));
  return found.sort((a, b) => a.seed - b.seed)[0];
}

/**
 * Searches on one thread that runs a compiled search program.
 * @returns the broken seed; undefined when every invariant held
 * @throws the error of the thread
 */
export function searchWithProgram(
  program: string,
  options: SearchOptions & { readonly timeoutMs: number },
): Promise<BrokenSeed | 'timed out' | undefined> {
  const { timeoutMs, ...search } = options;
  const worker = new Worker(program, { workerData: search });
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      resolve('timed out');
      void worker.terminate();
    }, timeoutMs);
    resultOf(worker, () => undefined)
      .then(resolve, reject)
      .finally(() => clearTimeout(timer));
  });
}

/** @returns the broken seed that the thread found; undefined also when the thread was terminated */
function resultOf(worker: Worker, onPlayed: (count: number) => void): Promise<BrokenSeed | undefined> {
  return new Promise((resolve, reject) => {
    worker.on('message', (message: SearchThreadMessage) => {
      if (message.kind === 'played') onPlayed(message.count);
      else resolve(message.broken);
    });
    worker.once('error', reject);
    worker.once('exit', () => resolve(undefined));
  });
}
