import type { Guarantee } from 'exactly-one';
import type { Violation } from './checker/invariants.ts';
import { play } from './play.ts';
import { generateScenario, guaranteeOf } from './scenario/generate-scenario.ts';

export interface SearchOptions {
  readonly fromSeed: number;
  /** The number of scenarios to play. */
  readonly seeds: number;
  /** The distance from one seed to the next, so that several threads can share the seeds; default: 1. */
  readonly step?: number;
  /** Skips the seeds of other guarantees; default: none are skipped. */
  readonly guarantee?: Guarantee;
}

/** A seed whose scenario violates an invariant. */
export interface BrokenSeed {
  readonly seed: number;
  readonly violation: Violation;
}

/** Scenarios played concurrently: they share the turns of the event loop, which is much faster. */
const BATCH_SIZE = 32;

/**
 * Plays the scenarios of many seeds until one violates an invariant.
 * @param onPlayed called after each batch with the number of scenarios in it
 * @returns the first broken seed; undefined when every invariant held
 */
export async function search(
  { fromSeed, seeds, step = 1, guarantee }: SearchOptions,
  onPlayed: (count: number) => void = () => undefined,
): Promise<BrokenSeed | undefined> {
  let seed = fromSeed;
  for (let left = seeds; left > 0; ) {
    const batch: number[] = [];
    for (; batch.length < Math.min(BATCH_SIZE, left); seed += step) {
      if (guarantee === undefined || guaranteeOf(seed) === guarantee) batch.push(seed);
    }
    left -= batch.length;
    const results = await Promise.all(batch.map((each) => play(generateScenario(each))));
    onPlayed(batch.length);
    for (const [index, { violation }] of results.entries()) {
      if (violation !== undefined) return { seed: batch[index] ?? seed, violation };
    }
  }
  return undefined;
}
