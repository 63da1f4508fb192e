import type { Evidence, OrderEvidence, RunEvidence } from '../evidence/evidence.ts';
import type { StoredTickets } from '../evidence/stored-tickets.ts';

export interface Violation {
  /** The order it is about, where it is about one. */
  readonly orderId?: string;
  /** What is wrong, for people. */
  readonly what: string;
}

/** Looks at what a round has left behind for one thing that must not be. Pure: it sees nothing but its arguments. */
export type Check = (evidence: Evidence, stored: StoredTickets) => readonly Violation[];

/** The run that says how an order ended. */
export function lastRun({ runs }: OrderEvidence): RunEvidence | undefined {
  return runs.at(-1);
}
