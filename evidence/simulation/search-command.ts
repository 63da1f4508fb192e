import { colors } from '../../src/platform/logging/colors.ts';
import { tellFound } from './replay-command.ts';
import type { Search } from './search.ts';
import { searchOnThreads } from './search-on-threads.ts';
import { showPlayed } from './show-played.ts';

/** @returns the exit code: 0 when nothing is broken, 1 otherwise */
export async function searchCommand(search: Search, threads: number): Promise<number> {
  const progress = showPlayed(search.seeds);
  const found = await searchOnThreads(search, threads, progress.played);
  const { count, seconds } = progress.end();
  const guarantee = search.guarantee === undefined ? 'all three guarantees' : `guarantee ${search.guarantee}`;
  console.log(
    `played ${count} scenarios of ${guarantee} in ${seconds.toFixed(1)} s, ${Math.round(count / seconds)} a second`,
  );
  if (found === undefined) {
    console.log(colors.green('every invariant held in all of them'));
    return 0;
  }
  await tellFound(found);
  return 1;
}
