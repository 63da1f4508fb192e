import type { Steps } from './exactly-one.ts';
import type { Item, SeenItems } from './items.ts';
import { chooseKeeper, liveItems } from './keeper.ts';

export interface WatchConclusion {
  /**
   * `promised item gone`: somebody else took it out of circulation, so nothing is voided any more.
   * `void without effect`: the service says yes, and at the final check too the items stay. In both cases a person
   * must look.
   */
  readonly kind: 'watched' | 'promised item gone' | 'void without effect';
  readonly voidedItemIds: readonly string[];
}

/** A service that says yes to a void and does nothing is asked ever more slowly. */
const VOID_AGAIN_AFTER_MS = 250;

/** How often one look may find something to void before it is left to the next look. */
const MOST_VOIDS_PER_LOOK = 100;

/** What a watch still has to do and has done; plain JSON, so that it survives continue-as-new. */
export interface WatchState {
  readonly promisedItemId: string;
  /** The pauses before the checks that are left. */
  readonly lateWatchMs: readonly number[];
  readonly seen: SeenItems;
  readonly voidedItemIds: readonly string[];
}

/**
 * Looks again, long after the order had its item, for items whose create committed late, and voids them.
 * The promised item stays.
 */
export async function lateWatch(
  begun: WatchState,
  steps: Pick<Steps, 'sleep' | 'validate' | 'voidItem'> & {
    /** Told whenever something changed: to go on with should a step be broken off. */
    remember(state: WatchState): void;
  },
): Promise<WatchConclusion> {
  let state = begun;
  const change = (changed: Partial<WatchState>) => {
    state = { ...state, ...changed };
    steps.remember(state);
  };
  const conclude = (kind: WatchConclusion['kind']) => ({ kind, voidedItemIds: state.voidedItemIds });

  let unvoided = false;
  for (let pauses = state.lateWatchMs; pauses.length > 0; pauses = pauses.slice(1)) {
    await steps.sleep(pauses[0] ?? 0);
    change({ lateWatchMs: [0, ...pauses.slice(1)] });
    for (let round = 0; round < MOST_VOIDS_PER_LOOK; round += 1) {
      const { items } = await steps.validate(state.seen);
      change({ seen: seenIn(items) });
      const live = liveItems(items);
      const keeper = chooseKeeper(live, state.promisedItemId);
      if (keeper === undefined) return conclude('promised item gone');
      const late = live.filter((item) => item !== keeper);
      unvoided = late.length > 0;
      if (!unvoided) break;
      if (round > 0) await steps.sleep(VOID_AGAIN_AFTER_MS * Math.min(round, 20));
      for (const { itemId } of late) {
        const result = await steps.voidItem(itemId, keeper.itemId);
        if (result === 'voided') change({ voidedItemIds: [...new Set([...state.voidedItemIds, itemId])] });
      }
    }
  }
  return conclude(unvoided ? 'void without effect' : 'watched');
}

function seenIn(items: readonly Item[]): SeenItems {
  return {
    itemIds: items.map(({ itemId }) => itemId),
    voidedItemIds: items.filter(({ voided }) => voided).map(({ itemId }) => itemId),
  };
}
