/** A create that a service has accepted and not finished. */
export interface AcceptedOperation {
  /** The service's own name for it. */
  readonly reference: string;
  /** When the service wants to have finished it: epoch milliseconds, by its own clock. */
  readonly readyAtMs?: number;
}

/** The outcome of a create. There are no other cases. */
export type CreateOutcome =
  /** The service claims to have created this item. */
  | { readonly kind: 'committed'; readonly itemId: string }
  /** The service refused with a code that says so. An item may exist all the same, so the loop still checks. */
  | { readonly kind: 'rejected'; readonly code: string; readonly reason: string }
  /** The request never left the worker: nothing can have happened. */
  | {
      readonly kind: 'not sent';
      readonly reason: string;
      /** How long the service asks to wait before the next create. */
      readonly retryAfterMs?: number;
    }
  /** The service has accepted the create and will finish it later, or not. */
  | ({ readonly kind: 'accepted'; readonly reason: string } & AcceptedOperation)
  /** The create may or may not have committed, or may still commit. */
  | { readonly kind: 'unknown'; readonly reason: string; readonly retryAfterMs?: number };
