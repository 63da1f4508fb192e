import type { Item, SeenItems } from './items.ts';
import { chooseKeeper, liveItems } from './keeper.ts';
import type { Steps } from './steps.ts';

/** How a late watch ended. */
export interface WatchConclusion {
  /**
   * `promised item gone`: somebody else has voided it, so the watch has stopped voiding.
   * `void without effect`: the service accepted the voids of the final check, but the items stayed live.
   * Both need an operator.
   */
  readonly kind: 'watched' | 'promised item gone' | 'void without effect';
  readonly voidedItemIds: readonly string[];
}

/** Everything that a late watch remembers. It is plain JSON, so that a workflow can hand it to its next run. */
export interface WatchState {
  readonly promisedItemId: string;
  /** The pauses before the remaining checks, in milliseconds. */
  readonly lateWatchMs: readonly number[];
  readonly seen: SeenItems;
  /** The items that this watch has voided. */
  readonly voidedItemIds: readonly string[];
}

/** Each further round of voids waits this much longer than the one before, up to 20 times as long. */
const VOID_AGAIN_AFTER_MS = 250;

/** How many rounds one check may take. Items that are still live after that are left to the next check. */
const MAX_ROUNDS = 100;

/**
 * Checks again, long after the order has completed, for items whose create committed late, and voids them. The promised
 * item stays.
 * @param initial what to watch, or the last state passed to `steps.remember` before an interruption
 * @param steps as for `exactlyOne`. They may throw to interrupt the watch; the error passes through.
 * @throws whatever a step throws
 */
export async function lateWatch(
  initial: WatchState,
  steps: Pick<Steps, 'sleep' | 'validate' | 'voidItem'> & {
    /** Called whenever the state has changed. */
    remember(state: WatchState): void;
  },
): Promise<WatchConclusion> {
  let state = initial;
  const change = (changed: Partial<WatchState>) => {
    state = { ...state, ...changed };
    steps.remember(state);
  };
  const conclude = (kind: WatchConclusion['kind']) => ({ kind, voidedItemIds: state.voidedItemIds });

  let hasLateItems = false;
  for (let pauses = state.lateWatchMs; pauses.length > 0; pauses = pauses.slice(1)) {
    await steps.sleep(pauses[0] ?? 0);
    change({ lateWatchMs: [0, ...pauses.slice(1)] });
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      const { items } = await steps.validate(state.seen);
      change({ seen: seenIn(items) });
      const live = liveItems(items);
      const keeper = chooseKeeper(live, state.promisedItemId);
      if (keeper === undefined) return conclude('promised item gone');
      const late = live.filter((item) => item !== keeper);
      hasLateItems = late.length > 0;
      if (!hasLateItems) break;
      if (round > 0) await steps.sleep(VOID_AGAIN_AFTER_MS * Math.min(round, 20));
      for (const { itemId } of late) {
        const result = await steps.voidItem(itemId, keeper.itemId);
        if (result === 'voided') change({ voidedItemIds: [...new Set([...state.voidedItemIds, itemId])] });
      }
    }
    change({ lateWatchMs: pauses.slice(1) });
  }
  return conclude(hasLateItems ? 'void without effect' : 'watched');
}

function seenIn(items: readonly Item[]): SeenItems {
  return {
    itemIds: items.map(({ itemId }) => itemId),
    voidedItemIds: items.filter(({ voided }) => voided).map(({ itemId }) => itemId),
  };
}

/**
 * The pauses before the checks of a late watch, in milliseconds. The first one counts from the fence, because a late
 * item of an earlier create can complete an order while its last create is still in flight.
 * @param lateWatchMs the pauses when nothing is in flight: `timings.lateWatchMs`
 * @param fenceMs the fence of the last create; undefined when this order sent none
 */
export function watchSchedule(
  lateWatchMs: readonly number[],
  fenceMs: number | undefined,
  clockSkewMs: number,
  nowMs: number,
): readonly number[] {
  const untilFenceMs = fenceMs === undefined ? 0 : Math.max(0, fenceMs + clockSkewMs - nowMs);
  return lateWatchMs.map((pauseMs, check) => (check === 0 ? pauseMs + untilFenceMs : pauseMs));
}
