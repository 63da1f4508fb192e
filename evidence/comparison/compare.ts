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
  type Teller,
  TOKEN_TTL_MS,
} from './play-strategy.ts';
import type { Strategy } from './strategies.ts';

export interface Comparison extends ComparisonOptions {
  /** The settings that all strategies were run with. */
  readonly timings: Readonly<Record<string, string>>;
  readonly strategies: readonly ComparedStrategy[];
}

/**
 * Plays the strategies, each on a stage of its own.
 * @param atOnce how many at a time; more are done sooner, and take the processor from each other
 * @param signal ends it
 * @throws the reason of `signal`, or the error of a strategy that could not be played; all stages are closed by then
 */
export async function compare(
  strategies: readonly Strategy[],
  options: ComparisonOptions,
  { narrator, atOnce, signal }: { readonly narrator: Narrator; readonly atOnce: number; readonly signal: AbortSignal },
): Promise<Comparison> {
  const { orders, seed, faults } = options;
  const limit = pLimit(atOnce);
  // The first that cannot be played ends the others: they would be compared with nothing.
  const failing = new AbortController();
  const ending = AbortSignal.any([signal, failing.signal]);
  const running = new Map<string, string>();
  const played = await Promise.allSettled(
    strategies.map((strategy) =>
      limit(async () => {
        ending.throwIfAborted();
        const tell = tellerOf(strategy, narrator, running);
        tell.step(`starts a Temporal server and a ticket system, ${strategy.mode}`);
        try {
          return await playOnStageOfItsOwn(strategy, options, tell, ending);
        } catch (error) {
          failing.abort(error);
          throw error;
        } finally {
          tell.progress(undefined);
        }
      }),
    ),
  );
  const failed = played.find((each) => each.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  const results = played.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  return { orders, seed, faults, timings: SETTINGS, strategies: results };
}

async function playOnStageOfItsOwn(
  strategy: Strategy,
  options: ComparisonOptions,
  tell: Teller,
  ending: AbortSignal,
): Promise<ComparedStrategy> {
  const stage = await setStage(strategy.mode, { tokenTtlMs: TOKEN_TTL_MS, ownServer: true });
  try {
    ending.throwIfAborted();
    const ended = once(ending, 'abort').then(() => Promise.reject(ending.reason));
    return await Promise.race([ended, playStrategy(stage, strategy, options, tell)]);
  } finally {
    await stage.close();
  }
}

/** How one of several strategies tells where it stands: in lines that stay, and in one that is renewed on a terminal. */
function tellerOf({ name }: Strategy, narrator: Narrator, running: Map<string, string>): Teller {
  return {
    step: (text) => narrator.step(`${colors.bold(name)}: ${text}`),
    progress: (text) => {
      if (text === undefined) running.delete(name);
      else running.set(name, `         ${name}: ${text}`);
      narrator.show([...running.values()]);
    },
  };
}
