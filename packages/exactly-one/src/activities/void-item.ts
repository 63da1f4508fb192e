import type { OrderActivities } from '../contract/activity-contract.ts';
import type { VoidResult } from '../protocol/items.ts';
import { type VoidCall, voidCall } from './call.ts';
import type { Clocks } from './clocks.ts';
import { repeatableFailure } from './retry-later.ts';

/**
 * Takes an item out of circulation. It is safe to repeat: a surplus item is voided only while its keeper is live, and a
 * void without a keeper has a deadline.
 */
export function voidItem<Input>(options: {
  readonly void: (input: Input, itemId: string, keep: string | null, call: VoidCall) => Promise<VoidResult>;
  readonly clocks: Clocks;
}): OrderActivities<Input>['void'] {
  return async (input, request) => {
    const { itemId, keep } = request;
    try {
      return await options.void(input, itemId, keep, voidCall(request, options.clocks));
    } catch (error) {
      throw repeatableFailure(error);
    }
  };
}
