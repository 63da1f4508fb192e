/** A ticket that is known to have a file. */
interface KnownTicket {
  readonly ticketId: string;
  /** It is known to have a void as well. */
  voided: boolean;
}

/**
 * What must be on disk: what the ledger says was committed, and what this process has read or written. It is never used
 * as an answer. It tells a file that has disappeared from one that never existed.
 */
export interface KnownRecords {
  addReservation(orderId: string): void;
  addTicket(orderId: string, ticketId: string): void;
  addVoid(orderId: string, ticketId: string): void;
  /** Whether any order has a ticket. */
  hasTickets(): boolean;
  /** Whether the order has a reservation. An order with a ticket has one. */
  hasReservation(orderId: string): boolean;
  ticketsOf(orderId: string): readonly Readonly<KnownTicket>[];
}

export function createKnownRecords(): KnownRecords {
  const reserved = new Set<string>();
  const tickets = new Map<string, KnownTicket[]>();

  function known(orderId: string, ticketId: string): KnownTicket {
    const ofOrder = tickets.get(orderId) ?? [];
    tickets.set(orderId, ofOrder);
    const found = ofOrder.find((ticket) => ticket.ticketId === ticketId);
    if (found !== undefined) return found;
    const added = { ticketId, voided: false };
    ofOrder.push(added);
    return added;
  }

  return {
    addReservation: (orderId) => void reserved.add(orderId),
    addTicket: (orderId, ticketId) => void known(orderId, ticketId),
    addVoid(orderId, ticketId) {
      known(orderId, ticketId).voided = true;
    },
    hasTickets: () => tickets.size > 0,
    hasReservation: (orderId) => reserved.has(orderId) || tickets.has(orderId),
    ticketsOf: (orderId) => tickets.get(orderId) ?? [],
  };
}
