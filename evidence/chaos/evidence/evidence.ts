/** What a round has left behind, collected from outside: histories, files, the ledger. Nothing here is decided by. */
export interface Evidence {
  readonly orders: readonly OrderEvidence[];
  /** Every file in the ticket system's database. */
  readonly files: readonly StoredFile[];
  /** When all faults and stops were over; epoch milliseconds. */
  readonly calmAtMs: number;
  /** An order must have ended so long after that. */
  readonly endsWithinMs: number;
  /** How long after its deadline a create may still commit where nothing is promised, as far as an order waits for it. */
  readonly settleMs: number;
  /** Requests that the ticket system had not finished by then. */
  readonly inFlight: number;
}

export interface OrderEvidence {
  readonly orderId: string;
  /** What clients did with it, after they had submitted it. */
  readonly asked: { readonly cancel: boolean };
  /** The ticket ids that its submissions were answered with. */
  readonly answers: readonly string[];
  /** Oldest first. */
  readonly runs: readonly RunEvidence[];
  readonly watches: readonly WatchEvidence[];
}

/** One run of an order, as its history tells it. */
export interface RunEvidence {
  readonly runId: string;
  readonly startedAtMs: number;
  /** Its input says that an earlier run was closed without a result. */
  readonly resumed: boolean;
  readonly cancelRequested: boolean;
  readonly steps: readonly RunStep[];
  /** Undefined while it is open. */
  readonly closing: Closing | undefined;
}

export type RunStep =
  | CreateStep
  | { readonly kind: 'create refused' }
  | { readonly kind: 'look'; readonly live: readonly string[]; readonly voided: readonly string[] }
  | { readonly kind: 'void'; readonly ticketId: string };

export interface CreateStep {
  readonly kind: 'create';
  readonly activityId: string;
  /** When it was scheduled. */
  readonly atMs: number;
  /** What the ticket system was told, and, where it promises something, keeps. */
  readonly deadlineMs: number;
  /** Whether the run was told what came of it: that it committed, was refused or never left the worker. */
  readonly outcomeKnown: boolean;
}

export interface Closing {
  readonly atMs: number;
  readonly as: 'completed' | 'failed' | 'cancelled' | 'terminated' | 'timed out' | 'continued as new';
  /** Of a failure. */
  readonly failureType?: string;
  /** Of an order that is completed. */
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
