import type { OrderActivities } from '../contract/activity-contract.ts';
import { quoted } from '../contract/quoted.ts';
import type { ListedItem } from '../protocol/complete-response.ts';
import type { VoidResult } from '../protocol/items.ts';
import { type Call, type VoidCall, voidCall } from './call.ts';
import type { Clocks } from './clocks.ts';
import type { Listed } from './list-items.ts';
import { repeatableFailure } from './retry-later.ts';

/**
 * Takes an item out of circulation. It is safe to repeat: a surplus item is voided only while its keeper is live, and a
 * void without a keeper has a deadline.
 * @param options.list finds out whether the keeper is live; default: `void` does
 */
export function voidItem<Input>(options: {
  readonly void: (
    input: Input,
    itemId: string,
    keep: string | null,
    call: VoidCall,
  ) => Promise<VoidResult | ListedItem>;
  readonly list?: (input: Input, call: Call) => Promise<Listed>;
  readonly clocks: Clocks;
}): OrderActivities<Input>['void'] {
  return async (input, request) => {
    const { itemId, keep } = request;
    try {
      const call = voidCall(request, options.clocks);
      if (keep !== null && options.list !== undefined) {
        const { items } = await options.list(input, call);
        if (!items.some((item) => item.itemId === keep && !item.voided)) return 'keeper-not-live';
      }
      return voidResultOf(await options.void(input, itemId, keep, call), itemId);
    } catch (error) {
      throw repeatableFailure(error);
    }
  };
}

/**
 * What came of a void whose function may have returned the item.
 * @throws when it is another item, or one that is not voided
 */
export function voidResultOf(returned: VoidResult | ListedItem, itemId: string): VoidResult {
  if (typeof returned !== 'object') return returned;
  if (returned?.itemId === itemId && returned.voided === true) return 'voided';
  throw new Error(`the response to voiding ${itemId} does not show that item as voided, but ${quoted(returned)}`);
}
