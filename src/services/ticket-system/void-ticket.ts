import type { TicketResponse } from '../../contracts/ticket-system.ts';
import { refuseCardNumbers } from '../http/refuse-card-numbers.ts';
import { decideVoid } from './commit-decision.ts';
import { timeOf } from './records.ts';
import { refusal, refuseFarDeadline, requireHeader } from './refusals.ts';
import { ticketResponse } from './ticket-responses.ts';
import type { TicketServiceParts } from './ticket-service.ts';
import { findTicket } from './ticket-store.ts';

/** A void as the HTTP request carries it. */
export interface VoidCommand {
  readonly orderId: string;
  readonly ticketId: string;
  /** The ticket that stays; null if the order is cancelled. */
  readonly keep: string | null;
  readonly requestId: string;
  readonly deadlineMs: number | undefined;
}

/**
 * Handles a void: decides under the lock of the order, and commits. The file alone is the void. Its line in the ledger
 * shows later that the file existed, and its failure does not fail the void.
 * @throws HttpProblem if it is refused
 */
export function voidTicket({ tickets, ledger, withTickets, clock, log }: TicketServiceParts) {
  return async ({ orderId, ticketId, keep, requestId, deadlineMs }: VoidCommand): Promise<TicketResponse> => {
    refuseCardNumbers('keep', [keep]);
    refuseFarDeadline(deadlineMs, clock.nowMs());
    if (keep === null) requireHeader(deadlineMs, 'Request-Deadline', 'a void without a keeper must have a deadline');
    return withTickets(orderId, async (stored, nowMs) => {
      const known = stored.map(({ record, voided }) => ({ ticketId: record.ticketID, voided: voided !== undefined }));
      const decision = decideVoid({ ticketId, keep, deadlineMs, nowMs, tickets: known });
      if (decision.kind === 'refuse') throw refusal(decision.code);
      const { record } = findTicket(stored, ticketId);
      if (decision.kind === 'void') {
        const voidedAt = timeOf(nowMs);
        const voided = { orderID: orderId, ticketID: ticketId, requestID: requestId };
        await tickets.addVoid(record, { ...voided, keep, voidedAt });
        await ledger.append({ kind: 'voided', at: voidedAt, ...voided }).catch((error: unknown) => {
          log.error({ err: error, orderId, ticketId }, 'a void is missing from the ledger');
        });
      }
      return ticketResponse(record, true);
    });
  };
}
