/** How the latest run of an order stands, as Temporal knows it. */
export type RunStanding = 'none' | 'running' | 'completed' | 'closed without a result';

export type Submission =
  | { readonly kind: 'start'; readonly resumed: boolean }
  /** The order is there: its result is the answer. */
  | { readonly kind: 'attach' };

/**
 * What a submission of an order does: the first one starts it, every later one gets the same ticket.
 * A run closed otherwise (failed, cancelled, terminated) may have left a create in flight, so the next one is `resumed`.
 */
export function decideSubmission(standing: RunStanding): Submission {
  switch (standing) {
    case 'none':
      return { kind: 'start', resumed: false };
    case 'running':
    case 'completed':
      return { kind: 'attach' };
    case 'closed without a result':
      return { kind: 'start', resumed: true };
  }
}
