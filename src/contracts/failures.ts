import { failures as protocolFailures } from 'exactly-one/contract';

/**
 * Every failure type that crosses between activities, workflows and starters: those of the protocol, and our own.
 * Workflows decide by these names alone, never by a message.
 */
export const failures = {
  ...protocolFailures,
  /**
   * The ticket system refused a token (401), for any call but a create. Not retried: the workflow gets a new token. Has
   * `RefusedCredentials` as details.
   */
  tokenExpired: 'TokenExpired',
  /** The service responded with an error, or not at all. Retried. */
  serviceUnavailable: 'ServiceUnavailable',
  /** A person has said that the order has no ticket. Nobody has checked it. */
  resolvedWithoutTicket: 'ResolvedWithoutTicket',
  /** The order's input is invalid. */
  orderInvalid: 'OrderInvalid',
  /** The late watch found that the promised ticket is no longer live. */
  promisedTicketGone: 'PromisedTicketGone',
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
