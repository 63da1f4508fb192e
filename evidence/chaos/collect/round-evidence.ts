/** What a round leaves behind, collected from outside: histories, files and the ledger. */
export interface RoundEvidence {
  readonly orders: readonly OrderEvidence[];
  /** Every file in the ticket system's database. */
  readonly files: readonly StoredFile[];
  /** When all faults and stops were over; epoch milliseconds. */
  readonly calmAtMs: number;
  /** The time an order may take to end after that. */
  readonly endsWithinMs: number;
  /** With guarantee `none`: how long after its deadline an order still expects a create to commit. */
  readonly settleMs: number;
  /** How long after its deadline the ticket system may finish a create that it has accepted. */
  readonly acceptWithinMs: number;
  /** Requests that the ticket system had not finished when the evidence was collected. */
  readonly inFlight: number;
}

export interface OrderEvidence {
  readonly orderId: string;
  /** Whether a client sent a cancellation. */
  readonly cancelledByClient: boolean;
  /** The ticket ids that its submissions returned. */
  readonly returnedTicketIds: readonly string[];
  /** Oldest first. */
  readonly runs: readonly RunEvidence[];
  readonly watches: readonly WatchEvidence[];
}

/** One run of an order, read from its history. */
export interface RunEvidence {
  readonly runId: string;
  readonly startedAtMs: number;
  /** Its input says that an earlier run was closed without a result. */
  readonly resumed: boolean;
  readonly cancelRequested: boolean;
  readonly steps: readonly RunStep[];
  /** Undefined while the run is open. */
  readonly closing: Closing | undefined;
}

export type RunStep =
  | CreateStep
  | { readonly kind: 'create rejected' }
  | { readonly kind: 'validate'; readonly live: readonly string[]; readonly voided: readonly string[] }
  | { readonly kind: 'void'; readonly ticketId: string };

export interface CreateStep {
  readonly kind: 'create';
  readonly activityId: string;
  /** When it was scheduled. */
  readonly atMs: number;
  /** The deadline that was sent to the ticket system. */
  readonly deadlineMs: number;
  /** Whether the run learned the outcome: committed, rejected or not sent. */
  readonly outcomeKnown: boolean;
}

export interface Closing {
  readonly atMs: number;
  readonly status: 'completed' | 'failed' | 'cancelled' | 'terminated' | 'timed out' | 'continued as new';
  /** Of a failed run. */
  readonly failureType?: string;
  /** Of a completed run. */
  readonly result?: unknown;
}

export interface WatchEvidence {
  readonly workflowId: string;
  readonly closing: Closing | undefined;
}

export interface StoredFile {
  /** Path within the database folder. */
  readonly path: string;
  readonly text: string;
}

/** The run that determines how an order ended. */
export function lastRun({ runs }: OrderEvidence): RunEvidence | undefined {
  return runs.at(-1);
}
