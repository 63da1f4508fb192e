import { isPastFence } from '../run-record.ts';
import type { CheckedOrder } from './checked-order.ts';

/** Which ticket is voided, by an order and by its late watch. */
export function checkVoids({ recordOf, report }: CheckedOrder) {
  return {
    /** An order asks for a void. */
    voidAsked(runId: string, ticketId: string, keep: string | null) {
      const run = recordOf(runId);
      const listedLive = (run.lastAnswer?.tickets ?? []).filter(({ voided }) => !voided);
      if (keep === null) {
        if (!run.cancelRequested)
          report('cancellation', `${runId} voids ${ticketId} and keeps none, nobody cancelled it`);
        if (!run.absenceProven)
          report('cancellation', `${runId} voids ${ticketId}, found before it had proven absence`);
        if (!isPastFence(run)) report('cancellation', `${runId} voids ${ticketId} before its fence`);
        return;
      }
      const first = [...listedLive].sort(
        (a, b) => a.createdAtMs - b.createdAtMs || (a.ticketId < b.ticketId ? -1 : 1),
      )[0];
      if (keep !== first?.ticketId) report('keeper', `${keep} is kept, ${first?.ticketId ?? 'none'} was first`);
      if (run.open.length > 0) report('fence', `${runId} voids ${ticketId} while a create may still commit`);
    },

    /** A watch asks for a void. */
    watchVoids(ticketId: string, keep: string | null, promisedTicketId: string) {
      if (keep !== promisedTicketId || ticketId === promisedTicketId) {
        report('keeper', `the watch voids ${ticketId} and keeps ${keep}, promised is ${promisedTicketId}`);
      }
    },
  };
}
