import type { TicketList } from 'exactly-one';
import { listen } from '../run-record.ts';
import type { Memory } from '../world.ts';
import type { CheckedOrder } from './checked-order.ts';

/** What is believed of the ticket system's answers. */
export function checkAnswers({ intervals, recordOf, report }: CheckedOrder) {
  return {
    /** A run, or a watch (which has no record), believes an answer. */
    believed(
      runId: string | undefined,
      answer: TicketList,
      request: {
        readonly requestedAtMs: number;
        readonly receivedAtMs: number;
        readonly isNone: boolean;
        readonly memory: Memory;
      },
    ) {
      const { clockSkewMs } = intervals;
      if (request.isNone) report('answer', 'what was believed is no answer');
      if (
        !(answer.asOfMs >= request.requestedAtMs - clockSkewMs && answer.asOfMs <= request.receivedAtMs + clockSkewMs)
      ) {
        report('answer', `an answer as of ${answer.asOfMs} was believed, asked for at ${request.requestedAtMs}`);
      }
      const ids = answer.tickets.map(({ ticketId }) => ticketId);
      if (new Set(ids).size < ids.length) report('answer', `${ids.join(', ')} are not distinct`);
      const { listed, listedVoided } = request.memory;
      const missing = [...listed].filter((ticketId) => !ids.includes(ticketId));
      const revived = answer.tickets.filter(({ ticketId, voided }) => !voided && listedVoided.has(ticketId));
      if (missing.length + revived.length > 0) report('answer', `it lacks what was seen before: ${missing.join(', ')}`);
      for (const { ticketId, voided } of answer.tickets) {
        listed.add(ticketId);
        if (voided) listedVoided.add(ticketId);
      }
      if (runId !== undefined) listen(recordOf(runId), answer, intervals);
    },
  };
}
