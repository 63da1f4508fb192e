import { isFresh } from './fence.ts';
import type { OrderReference, SeenTickets, Ticket, TicketList } from './items.ts';

/** A ticket as the service listed it, its form already checked. */
export interface ListedTicket extends Ticket, OrderReference {}

export interface AnswerContext extends OrderReference {
  /** Tickets and voids that this run has seen before. */
  readonly seen: SeenTickets;
  /** Wall clock of the worker, around the request. */
  readonly requestedAtMs: number;
  readonly receivedAtMs: number;
  readonly clockSkewMs: number;
}

/** What came of a request for the tickets of an order. */
export type Received =
  | { readonly kind: 'list'; readonly tickets: readonly ListedTicket[]; readonly asOfMs: number }
  /** Any error, a 404 too: it may come from a wrong port. */
  | { readonly kind: 'error'; readonly error: unknown };

/**
 * Whether what was received is a whole answer about this very order. If not, it is no answer at all:
 * neither presence nor absence follows from it.
 * @returns the tickets, distinct by id, or what is wrong
 */
export function readWholeAnswer(
  received: Received,
  context: AnswerContext,
): { readonly list: TicketList } | { readonly problem: string } {
  if (received.kind === 'error') return { problem: 'an error says nothing about tickets' };
  const { tickets: listed, asOfMs } = received;
  const { orderId, reservationId, seen } = context;
  if (![asOfMs, ...listed.map(({ createdAtMs }) => createdAtMs)].every(Number.isFinite)) {
    return { problem: 'a time in it cannot be read' };
  }
  if (!isFresh({ asOfMs, ...context })) {
    return { problem: `as of ${iso(asOfMs)} it is not from the time of the request, ${iso(context.requestedAtMs)}` };
  }
  const foreign = listed.find((ticket) => ticket.orderId !== orderId || ticket.reservationId !== reservationId);
  if (foreign !== undefined) {
    return { problem: `ticket ${foreign.ticketId} is of ${foreign.orderId}, reservation ${foreign.reservationId}` };
  }
  const tickets = new Map<string, Ticket>();
  for (const { ticketId, createdAtMs, voided } of listed) {
    const same = tickets.get(ticketId);
    if (same !== undefined && same.voided !== voided) return { problem: `ticket ${ticketId} is both live and voided` };
    tickets.set(ticketId, { ticketId, createdAtMs: Math.min(createdAtMs, same?.createdAtMs ?? createdAtMs), voided });
  }
  const lost = seen.ticketIds.find((ticketId) => !tickets.has(ticketId));
  if (lost !== undefined) return { problem: `ticket ${lost}, seen before, is missing` };
  const revived = seen.voidedTicketIds.find((ticketId) => tickets.get(ticketId)?.voided !== true);
  if (revived !== undefined) return { problem: `ticket ${revived}, seen voided before, is live` };
  return { list: { tickets: [...tickets.values()], asOfMs } };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
