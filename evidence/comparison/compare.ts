import { once } from 'node:events';
import pLimit from 'p-limit';
import { colors } from '../../src/platform/logging/colors.ts';
import type { Narrator } from '../../testbed/narrator.ts';
import { setStage } from '../../testbed/stage.ts';
import {
  type ComparedStrategy,
  type ComparisonOptions,
  playStrategy,
  SETTINGS,
  type StrategyNarrator,
  TOKEN_TTL_MS,
} from './play-strategy.ts';
import type { Strategy } from './strategies.ts';

/** The result of a comparison. Its field names are the format of `--json`. */
export interface Comparison extends ComparisonOptions {
  /** The settings of every strategy. */
  readonly timings: Readonly<Record<string, string>>;
  readonly strategies: readonly ComparedStrategy[];
}

/**
 * Plays the strategies, each with servers of its own.
 * @param how.atOnce how many run at the same time; more finish sooner but compete for the CPU
 * @param how.signal stops the comparison
 * @throws the reason of `signal`, or the error of a strategy that could not run; all servers are stopped by then
 */
export async function compare(
  strategies: readonly Strategy[],
  options: ComparisonOptions,
  how: { readonly narrator: Narrator; readonly atOnce: number; readonly signal: AbortSignal },
): Promise<Comparison> {
  const { orders, seed, faults } = options;
  const limit = pLimit(how.atOnce);
  // If one strategy cannot run there is nothing to compare, so the others stop too.
  const failing = new AbortController();
  const stopped = AbortSignal.any([how.signal, failing.signal]);
  const progress = new Map<string, string>();
  const played = await Promise.allSettled(
    strategies.map((strategy) =>
      limit(async () => {
        stopped.throwIfAborted();
        const narrator = strategyNarrator(strategy, how.narrator, progress);
        narrator.step(`starting a Temporal server and a ticket system, guarantee ${strategy.guarantee}`);
        try {
          return await playOnOwnStage(strategy, options, narrator, stopped);
        } catch (error) {
          failing.abort(error);
          throw error;
        } finally {
          narrator.progress(undefined);
        }
      }),
    ),
  );
  const failed = played.find((each) => each.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  const results = played.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  return { orders, seed, faults, timings: SETTINGS, strategies: results };
}

async function playOnOwnStage(
  strategy: Strategy,
  options: ComparisonOptions,
  narrator: StrategyNarrator,
  stopped: AbortSignal,
): Promise<ComparedStrategy> {
  const stage = await setStage(strategy.guarantee, { tokenTtlMs: TOKEN_TTL_MS, ownServer: true });
  try {
    stopped.throwIfAborted();
    const aborted = once(stopped, 'abort').then(() => Promise.reject(stopped.reason));
    return await Promise.race([aborted, playStrategy(stage, strategy, options, narrator)]);
  } finally {
    await stage.close();
  }
}

/** @param progress the line of each running strategy, by name */
function strategyNarrator({ name }: Strategy, narrator: Narrator, progress: Map<string, string>): StrategyNarrator {
  return {
    step: (text) => narrator.step(`${colors.bold(name)}: ${text}`),
    progress: (text) => {
      if (text === undefined) progress.delete(name);
      else progress.set(name, `         ${name}: ${text}`);
      narrator.show([...progress.values()]);
    },
  };
}
