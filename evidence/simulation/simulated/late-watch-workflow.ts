import type { WatchState } from 'exactly-one';
import { look } from './check-activity.ts';
import { continuedAsNew, createExecution, HistoryTooLong } from './execution.ts';
import type { Run } from './temporal.ts';
import { voidItem } from './void-activity.ts';
import type { World } from './world.ts';

/**
 * The workflow `lateWatch`, which outlives its order.
 * @param hasPromised whether its order has completed, so that somebody was promised the ticket
 */
export async function watch(world: World, run: Run, begun: WatchState, hasPromised: () => boolean): Promise<void> {
  const { checker, clock, fates, occasions, say, parts } = world;
  const beganAtMs = clock.now();
  const { caller, breakOffIfTooLong, goOn } = createExecution(world, `watch of ${run.runId}`, () => true);
  const voided = new Set<string>();
  occasions.came('watch');
  let state = begun;
  let hasSeenItGone = false;
  for (;;) {
    try {
      const conclusion = await parts.lateWatch(state, {
        sleep: caller.sleep,
        validate: async (seen) => {
          breakOffIfTooLong();
          checker.watchGoesOn(hasSeenItGone);
          const answer = await look(world, caller, seen, undefined);
          hasSeenItGone ||= answer.items.some(({ itemId, voided }) => itemId === begun.promisedItemId && voided);
          return answer;
        },
        voidItem: async (itemId, keep) => {
          breakOffIfTooLong();
          checker.watchGoesOn(hasSeenItGone);
          checker.watchVoids(itemId, keep, begun.promisedItemId);
          const result = await voidItem(world, caller, { itemId, keep, mayLoseKeeper: () => false });
          if (result === 'voided') voided.add(itemId);
          return result;
        },
        remember: (changed) => {
          state = changed;
        },
      });
      say(caller.name, () => `ends: ${conclusion.kind}`);
      run.status = 'COMPLETED';
      const sinceMs = Math.max(beganAtMs, fates.lastTroubleMs());
      return checker.watchEnded(conclusion, {
        voided,
        hasSeenItGone,
        hasPromised: hasPromised(),
        tookMs: clock.now() - sinceMs,
      });
    } catch (error) {
      if (!(error instanceof HistoryTooLong)) throw error;
      goOn();
      state = continuedAsNew(state);
    }
  }
}
