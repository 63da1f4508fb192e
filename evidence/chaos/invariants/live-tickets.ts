import { lastRun } from '../collect/round-evidence.ts';
import type { StoredTicket } from '../collect/stored-tickets.ts';
import type { Check } from './violation.ts';

/** I1: one live ticket per completed order, none per any other order, and no ticket of an order never submitted. */
export const oneLiveTicket: Check = ({ orders }, { tickets }) => {
  const live = tickets.filter(({ voidedAtMs }) => voidedAtMs === undefined);
  const submitted = new Set(orders.map(({ orderId }) => orderId));
  return [
    ...orders.flatMap((order) => {
      const { orderId } = order;
      const ticketIds = live.filter((ticket) => ticket.orderId === orderId).map(({ ticketId }) => ticketId);
      const status = lastRun(order)?.closing?.status ?? 'open';
      const expected = status === 'completed' ? 1 : 0;
      if (ticketIds.length === expected) return [];
      const found = `${ticketIds.length} live tickets: ${ticketIds.join(', ') || '-'}`;
      return [{ orderId, what: `it is ${status} and has ${found}` }];
    }),
    ...tickets
      .filter(({ orderId }) => !submitted.has(orderId))
      .map(({ orderId, ticketId }) => ({ orderId, what: `it was never submitted and has ticket ${ticketId}` })),
  ];
};

/** I2: all submissions of an order return the same ticket; it is stored under the order's reservation, and live. */
export const returnedTicket: Check = ({ orders }, { tickets }) =>
  orders.flatMap((order) => {
    const { orderId, returnedTicketIds } = order;
    const closing = lastRun(order)?.closing;
    const result = closing?.status === 'completed' ? Object(closing.result) : undefined;
    const returned = new Set([...(result === undefined ? [] : [String(result.ticketId)]), ...returnedTicketIds]);
    if (returned.size > 1) return [{ orderId, what: `it returned different tickets: ${[...returned].join(', ')}` }];
    return [...returned].flatMap((ticketId) => {
      const stored = tickets.find((ticket) => ticket.orderId === orderId && ticket.ticketId === ticketId);
      const problem = ticketProblem(stored, String(result?.reservationId));
      return problem === undefined ? [] : [{ orderId, what: `it returned ${ticketId}, which ${problem}` }];
    });
  });

function ticketProblem(stored: StoredTicket | undefined, reservationId: string): string | undefined {
  if (stored === undefined) return 'is not stored';
  if (stored.voidedAtMs !== undefined) return 'is voided';
  return stored.reservationId === reservationId ? undefined : `is stored under reservation ${stored.reservationId}`;
}

/** With guarantee `deadline` or `idempotency-key` an order never has two live tickets, not even for a moment. */
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
      const previous = inOrder[index];
      if (previous === undefined || (previous.voidedAtMs !== undefined && previous.voidedAtMs <= createdAtMs))
        return [];
      return [{ orderId, what: `${ticketId} was created while ${previous.ticketId} was live` }];
    });
  });
};
