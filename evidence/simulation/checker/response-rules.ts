import type { ItemList } from 'exactly-one';
import type { Memory } from '../simulated/world.ts';
import type { CheckedOrder } from './checked-order.ts';
import { listen } from './records.ts';

/** What is believed of the ticket system's answers. */
export function checkResponses({ timings, recordOf, report }: CheckedOrder) {
  return {
    /** A run, or a watch (which has no record), believes an answer. */
    believed(
      runId: string | undefined,
      answer: ItemList,
      request: {
        readonly requestedAtMs: number;
        readonly receivedAtMs: number;
        readonly isNone: boolean;
        readonly memory: Memory;
      },
    ) {
      const { clockSkewMs } = timings;
      if (request.isNone) report('answer', 'what was believed is no response');
      if (
        !(answer.asOfMs >= request.requestedAtMs - clockSkewMs && answer.asOfMs <= request.receivedAtMs + clockSkewMs)
      ) {
        report('answer', `an answer as of ${answer.asOfMs} was believed, asked for at ${request.requestedAtMs}`);
      }
      const ids = answer.items.map(({ itemId }) => itemId);
      if (new Set(ids).size < ids.length) report('answer', `${ids.join(', ')} are not distinct`);
      const { listed, listedVoided } = request.memory;
      const missing = [...listed].filter((itemId) => !ids.includes(itemId));
      const revived = answer.items.filter(({ itemId, voided }) => !voided && listedVoided.has(itemId));
      if (missing.length + revived.length > 0) report('answer', `it lacks what was seen before: ${missing.join(', ')}`);
      for (const { itemId, voided } of answer.items) {
        listed.add(itemId);
        if (voided) listedVoided.add(itemId);
      }
      if (runId !== undefined) listen(recordOf(runId), answer, timings);
    },
  };
}
