import type { Guarantee } from 'exactly-one';
import type { Violation } from './checker/invariants.ts';
import { play } from './play.ts';
import { generateScenario, guaranteeOf } from './scenario/generate-scenario.ts';

export interface Search {
  readonly fromSeed: number;
  /** How many seeds are played. */
  readonly seeds: number;
  /** From one seed to the next, so that several threads share them; default 1. */
  readonly step?: number;
  /** Plays only the seeds of this guarantee. */
  readonly guarantee?: Guarantee;
}

export interface Found {
  readonly seed: number;
  readonly violation: Violation;
}

/** So many scenarios share each turn of the event loop. */
const TOGETHER = 32;

/**
 * Plays the scenarios of many seeds until one is broken.
 * @param onPlayed is told how many were played since it was last told
 * @returns the first seed whose scenario is broken; undefined when all invariants held in all of them
 */
export async function search(
  { fromSeed, seeds, step = 1, guarantee }: Search,
  onPlayed: (count: number) => void = () => undefined,
): Promise<Found | undefined> {
  let seed = fromSeed;
  for (let left = seeds; left > 0; ) {
    const together: number[] = [];
    for (; together.length < Math.min(TOGETHER, left); seed += step) {
      if (guarantee === undefined || guaranteeOf(seed) === guarantee) together.push(seed);
    }
    left -= together.length;
    const endings = await Promise.all(together.map((each) => play(generateScenario(each))));
    onPlayed(together.length);
    for (const [index, { violation }] of endings.entries()) {
      if (violation !== undefined) return { seed: together[index] ?? seed, violation };
    }
  }
  return undefined;
}
