import type { RoundEvidence } from '../collect/round-evidence.ts';
import type { StoredTickets } from '../collect/stored-tickets.ts';

export interface Violation {
  /** The order concerned, if it is a single one. */
  readonly orderId?: string;
  /** What is wrong, for people. */
  readonly what: string;
}

/** Checks what a round left behind for one invariant. Pure: it sees nothing but its arguments. */
export type Check = (evidence: RoundEvidence, stored: StoredTickets) => readonly Violation[];
