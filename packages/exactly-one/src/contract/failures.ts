/**
 * Every failure type of the protocol that crosses between activities, workflows and clients.
 * Workflows decide by these names alone, never by a message.
 */
export const failures = {
  /** A list is not a complete response about this order. Retried: the order waits, visibly. */
  incompleteResponse: 'IncompleteResponse',
  /** Nothing of a request left the worker, for any but a create. Retried. */
  notSent: 'NotSent',
  /**
   * The service refused the credentials of a request, for any but a create. Not retried: the workflow gets newer ones. Has
   * `RefusedCredentials` as details.
   */
  credentialsRefused: 'CredentialsRefused',
  /** The create never left the worker. Not retried by Temporal: the workflow decides. */
  createNotSent: 'CreateNotSent',
  /** The service rejected the create with a known code. Not retried. */
  createRejected: 'CreateRejected',
  /** The create may or may not have made an item. Not retried: the workflow finds out. */
  createOutcomeUnknown: 'CreateOutcomeUnknown',
  /** The order closed without an item: the service rejected it. */
  orderRejected: 'OrderRejected',
  /** The order closed without an item: it was cancelled in an earlier run of its chain. */
  orderCancelled: 'OrderCancelled',
  /** A run that continues an earlier one has invalid arguments. The earlier one may have sent a create. */
  carriedStateInvalid: 'CarriedStateInvalid',
  /** The input of the late watch is invalid. */
  lateWatchInvalid: 'LateWatchInvalid',
  /** An operator closed the order or the late watch while its outcome was unresolved. */
  givenUp: 'GivenUp',
  /** A person has said that the order has no item. Nobody has checked it. */
  resolvedWithoutItem: 'ResolvedWithoutItem',
  /** An order does not accept a resolution now, or not this one. */
  resolutionRefused: 'ResolutionRefused',
  /** The late watch found that the promised item is no longer live. */
  promisedItemGone: 'PromisedItemGone',
  /** A workflow was started with something that is not valid. Nothing has been done yet. */
  inputInvalid: 'InputInvalid',
  /** A workflow passes on something that is not allowed: the message names the option, its value and what is. */
  optionsInvalid: 'OptionsInvalid',
  /** The service accepts the voids of late items, but the items stay live. */
  voidWithoutEffect: 'VoidWithoutEffect',
} as const;

/** The service refused the credentials of a request, so the next one needs newer credentials. */
export interface RefusedCredentials {
  /** When the refused credentials were issued, as their worker counts: epoch milliseconds. */
  readonly refusedIssuedAtMs: number;
}

/** Details of `CreateNotSent`, `CreateRejected` and `CreateOutcomeUnknown`. */
export interface CreateFailureDetails extends Partial<RefusedCredentials> {
  readonly reason: string;
  /** Error code of a rejection, such as PAYMENT_DECLINED. */
  readonly code?: string;
  /** How long the service asks to wait before the next create, in milliseconds. */
  readonly retryAfterMs?: number;
}
