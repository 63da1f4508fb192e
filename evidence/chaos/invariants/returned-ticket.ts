import type { StoredTicket } from '../evidence/stored-tickets.ts';
import { type Check, lastRun } from './violation.ts';

/** I2: the ticket that an order returns, to every submission of it, is the one that is stored, and it is live. */
export const returnedTicket: Check = ({ orders }, { tickets }) =>
  orders.flatMap((order) => {
    const { orderId, answers } = order;
    const closing = lastRun(order)?.closing;
    const result = closing?.as === 'completed' ? Object(closing.result) : undefined;
    const returned = new Set([...(result === undefined ? [] : [String(result.ticketId)]), ...answers]);
    if (returned.size > 1) return [{ orderId, what: `it was answered with ${[...returned].join(' and with ')}` }];
    return [...returned].flatMap((ticketId) => {
      const stored = tickets.find((ticket) => ticket.orderId === orderId && ticket.ticketId === ticketId);
      const wrong = whatIsWrong(stored, String(result?.reservationId));
      return wrong === undefined ? [] : [{ orderId, what: `it returned ${ticketId}, which ${wrong}` }];
    });
  });

function whatIsWrong(stored: StoredTicket | undefined, reservationId: string): string | undefined {
  if (stored === undefined) return 'is not stored';
  if (stored.voidedAtMs !== undefined) return 'is voided';
  return stored.reservationId === reservationId ? undefined : `is stored under reservation ${stored.reservationId}`;
}
