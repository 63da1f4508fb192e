/**
 * Every failure type that crosses between activities, workflows and starters.
 * Workflows decide by these names alone, never by a message.
 */
export const failures = {
  /**
   * The ticket system refused a token (401), for any call but a create. Not retried: the workflow gets a new token. Has
   * `RefusedToken` as details.
   */
  tokenExpired: 'TokenExpired',
  /** The service responded with an error, or not at all. Retried. */
  serviceUnavailable: 'ServiceUnavailable',
  /** The response is not a complete response about this order. Retried: the order waits, visibly. */
  incompleteResponse: 'IncompleteResponse',
  /** The create never left the worker. Not retried by Temporal: the workflow decides. */
  createNotSent: 'CreateNotSent',
  /** The ticket system rejected the create with a known code. Not retried. */
  createRejected: 'CreateRejected',
  /** The create may or may not have made a ticket. Not retried: the workflow finds out. */
  createOutcomeUnknown: 'CreateOutcomeUnknown',
  /** The order closed without a ticket: the ticket system rejected it. */
  orderRejected: 'OrderRejected',
  /** The order closed without a ticket: it was cancelled in an earlier run of its chain. */
  orderCancelled: 'OrderCancelled',
  /** The order's input is invalid. */
  orderInvalid: 'OrderInvalid',
  /** A run that continues an earlier one has invalid arguments. The earlier one may have sent a create or moved money. */
  carriedStateInvalid: 'CarriedStateInvalid',
  /** The input of the late watch is invalid. */
  lateWatchInvalid: 'LateWatchInvalid',
  /** An operator closed the order or the late watch while its outcome was unresolved. */
  givenUp: 'GivenUp',
  /** The late watch found that the promised ticket is no longer live. */
  promisedTicketGone: 'PromisedTicketGone',
  /** The ticket system accepts the voids of late tickets, but the tickets stay live. */
  voidWithoutEffect: 'VoidWithoutEffect',
  /** The account API refused an operation with a known code and moved no money. Not retried by Temporal. */
  operationRefused: 'OperationRefused',
  /** The account API has seen this idempotency key with a different operation. Not retried. */
  idempotencyKeyReused: 'IdempotencyKeyReused',
  /** The transfer's input is invalid; no money was moved. */
  transferInvalid: 'TransferInvalid',
  /** The transfer moved no money: an account does not exist or has too little money. */
  transferRefused: 'TransferRefused',
  /** The transfer ended without knowing where the money is, or without being able to return it. Needs an operator. */
  transferUnresolved: 'TransferUnresolved',
  /** The transfer id belongs to a transfer with other accounts or another amount; no money was moved. */
  transferIdReused: 'TransferIdReused',
} as const;

export type FailureType = (typeof failures)[keyof typeof failures];

/** The ticket system responded with 401, so the next call needs another token. */
export interface RefusedToken {
  /** When the refused token was issued, as its worker counts: epoch milliseconds. */
  readonly refusedTokenIssuedAtMs: number;
}

/** Details of `CreateNotSent`, `CreateRejected` and `CreateOutcomeUnknown`. */
export interface CreateFailureDetails extends Partial<RefusedToken> {
  readonly reason: string;
  /** Error code of a rejection, such as PAYMENT_DECLINED. */
  readonly code?: string;
  /** How long the service asks to wait before the next create. */
  readonly retryAfterMs?: number;
}
