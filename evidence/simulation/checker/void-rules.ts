import { isPastFence, type OrderRecord } from './records.ts';

/** Which tickets an order voids. */
export function voidRules({ recordOf, report }: OrderRecord) {
  return {
    /** The workflow decides to void a ticket. */
    voidRequested(runId: string, itemId: string, keep: string | null) {
      const run = recordOf(runId);
      if (run.resolution !== undefined) report('resolution', `${runId} voids ${itemId} after it was resolved`);
      if (keep === null) {
        const problem = `${runId} voids ${itemId} without a keeper`;
        if (!run.cancelRequested) report('cancellation', `${problem}, and nobody cancelled it`);
        if (!run.absenceProven) report('cancellation', `${problem} before absence was proven`);
        if (!isPastFence(run)) report('cancellation', `${problem} before its fence`);
        return;
      }
      const [first] = (run.lastResponse?.items ?? [])
        .filter(({ voided }) => !voided)
        .sort((a, b) => a.createdAtMs - b.createdAtMs || (a.itemId < b.itemId ? -1 : 1));
      if (keep !== first?.itemId) report('keeper', `${runId} keeps ${keep}, but ${first?.itemId ?? 'none'} is first`);
      if (run.unresolved.length > 0) report('fence', `${runId} voids ${itemId} while a create may still commit`);
    },
  };
}
