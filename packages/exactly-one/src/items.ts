/** What a ticket is made for. */
export interface OrderReference {
  readonly orderId: string;
  /** Where the service has one. */
  readonly reservationId?: string;
}

/** A ticket as the protocol looks at it: no payment data ever enters a workflow. */
export interface Ticket {
  readonly ticketId: string;
  readonly createdAtMs: number;
  readonly voided: boolean;
}

/** A whole, fresh answer to "which tickets does this order have?". */
export interface TicketList {
  /** Distinct by id. */
  readonly tickets: readonly Ticket[];
  /** The ticket system's own clock, epoch milliseconds. */
  readonly asOfMs: number;
}

/** Tickets and voids that a run has seen in answers; a later answer that lacks one is no answer. */
export interface SeenTickets {
  readonly ticketIds: readonly string[];
  readonly voidedTicketIds: readonly string[];
}

export type VoidResult = 'voided' | 'keeper-not-live';
