import { counted } from '../../src/contracts/counted.ts';
import { timingsEnvironment } from '../../src/platform/config/timings-environment.ts';
import { orderIds } from '../../testbed/play-orders.ts';
import { untilQuiescent } from '../../testbed/quiescence.ts';
import { DEMO_TIMINGS, type Stage } from '../../testbed/stage.ts';
import { countOrders, type OrderCounts } from './count-orders.ts';
import { runScript } from './run-script.ts';
import { runWorkflows } from './run-workflows.ts';
import type { Strategy } from './strategies.ts';
import { END_WITHIN_MS, type KillMoment } from './strategy-run.ts';

/** Longer than any run: how a strategy renews its token is not compared. */
export const TOKEN_TTL_MS = 3_600_000;

/** The settings of every strategy. */
export const SETTINGS = { ...timingsEnvironment(DEMO_TIMINGS), TOKEN_TTL_MS: String(TOKEN_TTL_MS) } as const;

export interface ComparedStrategy extends OrderCounts, Pick<Strategy, 'name' | 'assumes' | 'claimsExactlyOne'> {
  readonly killed: KillMoment;
}

export interface ComparisonOptions {
  readonly orders: number;
  /** Of the faults. */
  readonly seed: number;
  /** A preset of the ticket system's faults. */
  readonly faults: string;
}

export interface StrategyNarrator {
  /** Prints a line that stays. */
  step(text: string): void;
  /** Updates the strategy's progress line on a terminal; undefined removes it. */
  progress(text: string | undefined): void;
}

/**
 * Plays one strategy, from its first order to quiescence, and counts its tickets.
 * @param stage with a fresh server, so that the order ids, and with them the faults, are the same for each strategy
 */
export async function playStrategy(
  stage: Stage,
  strategy: Strategy,
  { orders, seed, faults }: ComparisonOptions,
  narrator: StrategyNarrator,
): Promise<ComparedStrategy> {
  const { name, assumes, claimsExactlyOne, workflowType } = strategy;
  await stage.setFaults({ seed, preset: faults });
  const ids = orderIds(stage, orders);
  const listener = {
    onKilled: ({ sends, newestOpen }: KillMoment) => {
      const program = workflowType === undefined ? 'script' : 'worker';
      const newest = newestOpen ? ', the newest not committed' : '';
      narrator.step(`${program} killed (SIGKILL) after ${sends} creates were received${newest}; started again`);
    },
    onEnded: (count: number) => narrator.progress(`${count} of ${counted(orders, 'order')} ended`),
  };
  const { killed, ended } =
    workflowType === undefined
      ? await runScript(stage, SETTINGS, ids, listener)
      : await runWorkflows(stage, workflowType, ids, listener);
  narrator.progress('all orders have ended; waiting for requests in flight, which may still commit');
  await untilQuiescent(stage, workflowType === undefined ? [] : ids, END_WITHIN_MS);
  const counts = await countOrders(stage.databaseDir, ended);
  const { exactlyOne, duplicates, lost } = counts;
  narrator.step(`quiescent: ${exactlyOne} exactly one, ${duplicates} duplicates, ${lost} lost`);
  return { name, assumes, claimsExactlyOne, ...counts, killed };
}
