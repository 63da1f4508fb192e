import { timingsEnvironment } from '../../src/platform/config/timings-environment.ts';
import { untilQuiescent } from '../../testbed/follow-orders.ts';
import { orderIds } from '../../testbed/play-orders.ts';
import { DEMO_TIMINGS, type Stage } from '../../testbed/stage.ts';
import { countOrders, type OrderCounts } from './count-orders.ts';
import type { KillMoment } from './kill-moment.ts';
import { runScript } from './run-script.ts';
import { runWorkflows } from './run-workflows.ts';
import type { Strategy } from './strategies.ts';
import { END_WITHIN_MS } from './strategy-run.ts';

/** A token outlives the run: its renewal is not what is compared. */
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

/** How a strategy tells where it stands. */
export interface Teller {
  step(text: string): void;
  /** Renewed in its place on a terminal; undefined: there is nothing more to tell. */
  progress(text: string | undefined): void;
}

/**
 * Plays one strategy on a stage of its own, from its first order to quiescence, and counts.
 * @param stage with a fresh server: order ids, and with them the faults, are the same for each strategy
 */
export async function playStrategy(
  stage: Stage,
  strategy: Strategy,
  { orders, seed, faults }: ComparisonOptions,
  tell: Teller,
): Promise<ComparedStrategy> {
  const { name, assumes, claimsExactlyOne, workflowType } = strategy;
  await stage.setFaults({ seed, preset: faults });
  const ids = orderIds(stage, orders);
  const watch = {
    killed: (moment: KillMoment) => {
      const what = workflowType === undefined ? 'script' : 'worker';
      const newest = moment.newestOpen ? ', the newest not committed' : '';
      tell.step(`${what} killed (SIGKILL) with ${moment.sends} creates received${newest}; started again`);
    },
    ended: (count: number) => tell.progress(`${count} of ${orders} orders have ended`),
  };
  const { killed, ended } =
    workflowType === undefined
      ? await runScript(stage, SETTINGS, ids, watch)
      : await runWorkflows(stage, workflowType, ids, watch);
  tell.progress('every order has ended; what is in flight may still commit');
  await untilQuiescent(stage, workflowType === undefined ? [] : ids, END_WITHIN_MS);
  const counts = await countOrders(stage.databaseDir, ended);
  const { exactlyOne, duplicates, lost } = counts;
  tell.step(`quiescent, ${exactlyOne} exactly one, ${duplicates} duplicates, ${lost} lost`);
  return { name, assumes, claimsExactlyOne, ...counts, killed };
}
