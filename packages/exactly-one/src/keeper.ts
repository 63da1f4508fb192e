import type { Ticket } from './items.ts';

/** The tickets that are in circulation. */
export function liveTickets(tickets: readonly Ticket[]): readonly Ticket[] {
  return tickets.filter((ticket) => !ticket.voided);
}

/**
 * The ticket that stays: the promised one, else the first by creation time, then by id.
 * Everybody who chooses from the same tickets chooses the same keeper.
 * @returns undefined when there is no live ticket, or the promised one is not live.
 */
export function chooseKeeper(live: readonly Ticket[], promisedTicketId?: string): Ticket | undefined {
  if (promisedTicketId !== undefined) return live.find((ticket) => ticket.ticketId === promisedTicketId);
  return [...live].sort(byCreationThenId)[0];
}

function byCreationThenId(a: Ticket, b: Ticket): number {
  if (a.createdAtMs !== b.createdAtMs) return a.createdAtMs - b.createdAtMs;
  return a.ticketId < b.ticketId ? -1 : 1;
}
