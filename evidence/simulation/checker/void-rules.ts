import type { CheckedOrder } from './checked-order.ts';
import { isPastFence } from './records.ts';

/** Which ticket is voided, by an order and by its late watch. */
export function checkVoids({ recordOf, report }: CheckedOrder) {
  return {
    /** An order asks for a void. */
    voidAsked(runId: string, itemId: string, keep: string | null) {
      const run = recordOf(runId);
      const listedLive = (run.lastAnswer?.items ?? []).filter(({ voided }) => !voided);
      if (keep === null) {
        if (!run.cancelRequested)
          report('cancellation', `${runId} voids ${itemId} and keeps none, nobody cancelled it`);
        if (!run.absenceProven) report('cancellation', `${runId} voids ${itemId}, found before it had proven absence`);
        if (!isPastFence(run)) report('cancellation', `${runId} voids ${itemId} before its fence`);
        return;
      }
      const first = [...listedLive].sort((a, b) => a.createdAtMs - b.createdAtMs || (a.itemId < b.itemId ? -1 : 1))[0];
      if (keep !== first?.itemId) report('keeper', `${keep} is kept, ${first?.itemId ?? 'none'} was first`);
      if (run.open.length > 0) report('fence', `${runId} voids ${itemId} while a create may still commit`);
    },

    /** A watch asks for a void. */
    watchVoids(itemId: string, keep: string | null, promisedItemId: string) {
      if (keep !== promisedItemId || itemId === promisedItemId) {
        report('keeper', `the watch voids ${itemId} and keeps ${keep}, promised is ${promisedItemId}`);
      }
    },
  };
}
