import { type Check, lastRun } from './violation.ts';

/** I1: one live ticket per completed order, none per any other; and no ticket of an order that nobody has submitted. */
export const oneLiveTicket: Check = ({ orders }, { tickets }) => {
  const live = tickets.filter(({ voidedAtMs }) => voidedAtMs === undefined);
  const known = new Set(orders.map(({ orderId }) => orderId));
  return [
    ...orders.flatMap((order) => {
      const { orderId } = order;
      const ticketIds = live.filter((ticket) => ticket.orderId === orderId).map(({ ticketId }) => ticketId);
      const as = lastRun(order)?.closing?.as ?? 'open';
      const expected = as === 'completed' ? 1 : 0;
      if (ticketIds.length === expected) return [];
      return [
        { orderId, what: `it is ${as} and has ${ticketIds.length} live tickets: ${ticketIds.join(', ') || '-'}` },
      ];
    }),
    ...tickets
      .filter(({ orderId }) => !known.has(orderId))
      .map(({ orderId, ticketId }) => ({ orderId, what: `nobody has submitted it, and it has ticket ${ticketId}` })),
  ];
};
