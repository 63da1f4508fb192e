import type { WatchState } from 'exactly-one';
import { validateTicket } from './check-activity.ts';
import { ContinueAsNew, createExecutions, type Run } from './temporal.ts';
import { voidTicket } from './void-activity.ts';
import type { World } from './world.ts';

/**
 * The workflow `lateWatch`, which continues after its order has ended.
 * @param orderHasCompleted only then somebody was promised the ticket
 */
export async function runLateWatch(
  world: World,
  run: Run,
  begun: WatchState,
  orderHasCompleted: () => boolean,
): Promise<void> {
  const { checker, clock, plans, events, trace, protocol } = world;
  const { promisedItemId } = begun;
  const startedAtMs = clock.now();
  checker.watchStarted(promisedItemId);
  const { caller, beginStep, continueAsNew } = createExecutions(world, `watch of ${run.runId}`, () => true);
  const voided = new Set<string>();
  events.emit('watch started');
  let state = begun;
  let sawPromisedVoided = false;
  for (;;) {
    try {
      const conclusion = await protocol.lateWatch(state, {
        sleep: caller.sleep,
        validate: async (seen) => {
          beginStep();
          checker.watchContinues(sawPromisedVoided);
          const list = await validateTicket(world, caller, seen, undefined);
          sawPromisedVoided ||= list.items.some(({ itemId, voided }) => itemId === promisedItemId && voided);
          return list;
        },
        voidItem: async (itemId, keep) => {
          beginStep();
          checker.watchContinues(sawPromisedVoided);
          checker.watchVoidRequested(itemId, keep, promisedItemId);
          const result = await voidTicket(world, caller, { itemId, keep, mayLoseKeeper: () => false });
          if (result === 'voided') voided.add(itemId);
          return result;
        },
        remember: (changed) => {
          state = changed;
        },
      });
      trace(caller.name, () => `ends: ${conclusion.kind}`);
      run.status = 'COMPLETED';
      const tookMs = clock.now() - Math.max(startedAtMs, plans.lastFaultMs());
      return checker.watchEnded(conclusion, {
        voided,
        promisedId: promisedItemId,
        sawPromisedVoided,
        orderHasCompleted: orderHasCompleted(),
        tookMs,
      });
    } catch (error) {
      if (!(error instanceof ContinueAsNew)) throw error;
      state = continueAsNew(state);
    }
  }
}
