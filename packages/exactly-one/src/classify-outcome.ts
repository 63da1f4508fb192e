import type { OrderReference } from './items.ts';

/**
 * What one create request came to, seen from the worker:
 * an answer whose status is known, or no answer, with what is known about the connection.
 */
export type CreateExchange =
  | {
      readonly kind: 'response';
      readonly status: number;
      /** The body, if it was a whole item in JSON. */
      readonly item?: OrderReference & { readonly itemId: string };
      /** The `code` of the body, if it was a whole error in JSON. */
      readonly errorCode?: string;
    }
  | {
      readonly kind: 'no response';
      /** Whether the socket was ever connected: after that nobody can say what was sent. */
      readonly connected: boolean;
      /** The codes of the error; of an AggregateError those of all its inner errors. */
      readonly errorCodes: readonly string[];
    };

/** What came of a create. Only these four cases exist, and the loop must know which it has. */
export type CreateOutcome =
  /** The item system says that it made this item. */
  | { readonly kind: 'committed'; readonly itemId: string }
  /** Refused with a known code; still an item may exist, so the loop checks. */
  | { readonly kind: 'rejected'; readonly code: string; readonly reason: string }
  /** The request never left: nothing can have happened. */
  | {
      readonly kind: 'not sent';
      readonly reason: string;
      readonly retryAfterMs?: number;
      readonly tokenRefused?: boolean;
    }
  /** Nobody can say. */
  | {
      readonly kind: 'unknown';
      readonly reason: string;
      readonly retryAfterMs?: number;
      readonly tokenRefused?: boolean;
    };

const REJECTING_STATUSES: readonly number[] = [400, 403, 404, 422];
/** With these codes the item system says that it has not acted, and that sending again is of no use. */
const REJECTING_CODES: readonly string[] = ['INVALID_REQUEST', 'FORBIDDEN', 'RESERVATION_UNKNOWN', 'PAYMENT_DECLINED'];
/** Codes of errors that happen before a connection exists, so nothing was sent. */
export const NEVER_CONNECTED_CODES: readonly string[] = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN'];

/**
 * Classifies one exchange. It believes as little as it can: only a whole item of this order and reservation is a
 * commit, only a known code in a whole error is a rejection, only a connection that never was is "not sent".
 * @param rejectingCodes of the service; default the item system's
 */
export function classifyOutcome(
  exchange: CreateExchange,
  order: OrderReference,
  rejectingCodes: readonly string[] = REJECTING_CODES,
): CreateOutcome {
  if (exchange.kind === 'no response') return classifySilence(exchange);
  const { status, item, errorCode } = exchange;
  if (
    status === 201 &&
    item !== undefined &&
    item.orderId === order.orderId &&
    item.reservationId === order.reservationId
  ) {
    return { kind: 'committed', itemId: item.itemId };
  }
  if (REJECTING_STATUSES.includes(status) && errorCode !== undefined && rejectingCodes.includes(errorCode)) {
    return { kind: 'rejected', code: errorCode, reason: `answered ${status} ${errorCode}` };
  }
  return {
    kind: 'unknown',
    reason:
      status === 201
        ? 'answered 201 without a whole item of this order'
        : `answered ${status}${errorCode === undefined ? '' : ` ${errorCode}`}, which does not say whether it acted`,
    tokenRefused: status === 401,
  };
}

function classifySilence({ connected, errorCodes }: CreateExchange & { kind: 'no response' }): CreateOutcome {
  const codes = errorCodes.join(', ') || 'no error code';
  const neverConnected =
    !connected && errorCodes.length > 0 && errorCodes.every((code) => NEVER_CONNECTED_CODES.includes(code));
  return neverConnected
    ? { kind: 'not sent', reason: `never connected (${codes})` }
    : { kind: 'unknown', reason: `no complete response (${codes})` };
}
