import type { StoredTicket } from '../evidence/stored-tickets.ts';
import type { Check } from './violation.ts';

/** Where the ticket system promises something there are never two live tickets, not even for a moment. */
export const neverTwoLive: Check = (_evidence, { tickets, reservations }) => {
  const guarantees = new Map(reservations.map(({ orderID, guarantee }) => [orderID, guarantee]));
  const byOrder = new Map<string, StoredTicket[]>();
  for (const ticket of tickets) {
    if (guarantees.get(ticket.orderId) === 'none') continue;
    byOrder.set(ticket.orderId, [...(byOrder.get(ticket.orderId) ?? []), ticket]);
  }
  return [...byOrder].flatMap(([orderId, ofOrder]) => {
    const inOrder = [...ofOrder].sort((a, b) => a.createdAtMs - b.createdAtMs);
    return inOrder.slice(1).flatMap(({ ticketId, createdAtMs }, index) => {
      const before = inOrder[index];
      if (before === undefined || (before.voidedAtMs !== undefined && before.voidedAtMs <= createdAtMs)) return [];
      return [{ orderId, what: `${ticketId} was made while ${before.ticketId} was live` }];
    });
  });
};
