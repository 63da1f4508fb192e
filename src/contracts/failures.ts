/**
 * Every failure type that crosses between activities, workflows and starters.
 * Workflows decide by these names alone, never by a message.
 */
export const failures = {
  /** The ticket system refused the token (401) anywhere but on create. Not retried: the workflow gets a new token. */
  tokenExpired: 'TokenExpired',
  /** The ticket system answered with an error, or not at all. Retried. */
  serviceUnavailable: 'ServiceUnavailable',
  /** What came back is no complete response about this order. Retried: the order waits, visibly. */
  incompleteResponse: 'IncompleteResponse',
  /** A create that never left the worker. Not retried by Temporal: the workflow decides. */
  createNotSent: 'CreateNotSent',
  /** A create that the ticket system refused with a known code. Not retried. */
  createRejected: 'CreateRejected',
  /** A create of which nobody can say whether it made a ticket. Not retried: the workflow finds out. */
  createOutcomeUnknown: 'CreateOutcomeUnknown',
  /** The order closed without a ticket: the ticket system rejected it. */
  orderRejected: 'OrderRejected',
  /** The order closed without a ticket: it was cancelled in an earlier run of its chain. */
  orderCancelled: 'OrderCancelled',
  /** The order's input is wrong. */
  orderInvalid: 'OrderInvalid',
  /** An operator closed the order although its outcome is unresolved. */
  givenUp: 'GivenUp',
  /** The late watch found the promised ticket no longer live. */
  promisedTicketGone: 'PromisedTicketGone',
  /** The ticket system says that it voids the late tickets, and they stay live. */
  voidWithoutEffect: 'VoidWithoutEffect',
  /** The account API refused an operation with a known code: it moved nothing. Not retried by Temporal. */
  operationRefused: 'OperationRefused',
  /** The account API has seen this idempotency key with another operation. Not retried. */
  idempotencyKeyReused: 'IdempotencyKeyReused',
  /** The transfer's input is wrong; nothing was moved. */
  transferInvalid: 'TransferInvalid',
  /** The transfer closed without having moved money: an account is unknown, or has too little. */
  transferRefused: 'TransferRefused',
  /** The id belongs to a transfer between other accounts or of another amount; nothing was moved. */
  transferIdReused: 'TransferIdReused',
} as const;

export type FailureType = (typeof failures)[keyof typeof failures];
