import type { ItemList } from 'exactly-one';
import type { ListedItems } from '../simulated/temporal.ts';
import { type OrderRecord, recordResponse } from './records.ts';

/** Which responses to checks are believed. */
export function responseRules({ timings, recordOf, report }: OrderRecord) {
  return {
    /**
     * A run, or a late watch, believes a response.
     * @param runId undefined for a late watch, which has no record
     * @param request.before what it had received before; the response is added
     */
    responseAccepted(
      runId: string | undefined,
      response: ItemList,
      request: {
        readonly requestedAtMs: number;
        readonly receivedAtMs: number;
        readonly isIncomplete: boolean;
        readonly before: ListedItems;
      },
    ) {
      const { clockSkewMs } = timings;
      const { asOfMs, items } = response;
      if (request.isIncomplete) report('response', 'an incomplete response was believed');
      const isFresh = asOfMs >= request.requestedAtMs - clockSkewMs && asOfMs <= request.receivedAtMs + clockSkewMs;
      if (!isFresh) report('response', `it is as of ${asOfMs}, but was requested at ${request.requestedAtMs}`);
      const ids = items.map(({ itemId }) => itemId);
      if (new Set(ids).size < ids.length) report('response', `${ids.join(', ')} are not distinct`);
      const { listed, listedVoided } = request.before;
      const missing = [...listed].filter((itemId) => !ids.includes(itemId));
      const revived = items.filter(({ itemId, voided }) => !voided && listedVoided.has(itemId));
      if (missing.length > 0) report('response', `it lacks ${missing.join(', ')}, which was seen before`);
      if (revived.length > 0) report('response', 'it shows a ticket as live that was seen voided before');
      for (const { itemId, voided } of items) {
        listed.add(itemId);
        if (voided) listedVoided.add(itemId);
      }
      if (runId !== undefined) recordResponse(recordOf(runId), response, timings);
    },
  };
}
