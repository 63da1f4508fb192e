import type { OrderReference } from './items.ts';

/** What a worker observed of one create request: a response, or what is known about the connection. */
export type CreateExchange =
  | {
      readonly kind: 'response';
      /** HTTP status. */
      readonly status: number;
      /** The item in the body, if the body was a complete item. */
      readonly item?: OrderReference & { readonly itemId: string };
      /** What the service has accepted, if the body was a complete operation. */
      readonly operation?: AcceptedOperation;
      /** The error code in the body, if the body was a complete error. */
      readonly errorCode?: string;
    }
  | {
      readonly kind: 'no response';
      /** Whether the socket was ever connected. From then on the request may have been sent. */
      readonly connected: boolean;
      /** The code of the error, or its message if it has none; of an AggregateError, those of all inner errors. */
      readonly errorCodes: readonly string[];
    }
  /** No byte of the request was given to a connection, and none will be: its deadline passed before that. */
  | { readonly kind: 'not sent'; readonly reason: string };

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
      /** The service did not accept the token: get a new one. */
      readonly tokenRefused?: boolean;
    }
  /** The service has accepted the create and will finish it later, or not. */
  | ({ readonly kind: 'accepted'; readonly reason: string } & AcceptedOperation)
  /** The create may or may not have committed, or may still commit. */
  | {
      readonly kind: 'unknown';
      readonly reason: string;
      readonly retryAfterMs?: number;
      readonly tokenRefused?: boolean;
    };

const REJECTING_STATUSES: readonly number[] = [400, 403, 404, 422];
/** Codes of errors that happen before a connection exists, so that nothing was sent. */
export const NEVER_CONNECTED_CODES: readonly string[] = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN'];

/**
 * Classifies one create request, trusting as little as possible. Only a 201 with a complete item of this order and
 * reservation is `committed`, only a 202 that names an operation is `accepted`, only one of the given codes with status 400, 403, 404 or 422 is `rejected`, and only a
 * connection that was never made or a request that was never written is `not sent`. Everything else is `unknown`.
 * @param rejectingCodes the error codes with which the service says that it has not acted and that trying again is
 *   useless
 */
export function classifyOutcome(
  exchange: CreateExchange,
  order: OrderReference,
  rejectingCodes: readonly string[],
): CreateOutcome {
  if (exchange.kind === 'not sent') return exchange;
  if (exchange.kind === 'no response') return classifyNoResponse(exchange);
  const { status, item, operation, errorCode } = exchange;
  if (
    status === 201 &&
    item !== undefined &&
    item.orderId === order.orderId &&
    item.reservationId === order.reservationId
  ) {
    return { kind: 'committed', itemId: item.itemId };
  }
  if (status === 202 && operation !== undefined) {
    return { kind: 'accepted', reason: `the service has accepted it as ${operation.reference}`, ...operation };
  }
  if (REJECTING_STATUSES.includes(status) && errorCode !== undefined && rejectingCodes.includes(errorCode)) {
    return { kind: 'rejected', code: errorCode, reason: `the response was ${status} ${errorCode}` };
  }
  return {
    kind: 'unknown',
    reason:
      status === 201
        ? 'the response was 201 without a complete item of this order'
        : `the response was ${status}${errorCode === undefined ? '' : ` ${errorCode}`}`,
    tokenRefused: status === 401,
  };
}

function classifyNoResponse({ connected, errorCodes }: CreateExchange & { kind: 'no response' }): CreateOutcome {
  const codes = errorCodes.join(', ') || 'no error code';
  const neverConnected =
    !connected && errorCodes.length > 0 && errorCodes.every((code) => NEVER_CONNECTED_CODES.includes(code));
  return neverConnected
    ? { kind: 'not sent', reason: `never connected (${codes})` }
    : { kind: 'unknown', reason: `no complete response (${codes})` };
}
