import type { CreateOutcome } from 'exactly-one';
import type { HttpExchange } from 'exactly-one/http';
import { ORDER } from '../simulated/ticket-system.ts';

const NEVER_CONNECTED = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN'];
const REJECTIONS = ['INVALID_REQUEST', 'FORBIDDEN', 'RESERVATION_UNKNOWN', 'PAYMENT_DECLINED'];

/** An outcome without its reason, which is for people. */
interface ExpectedOutcome {
  readonly kind: CreateOutcome['kind'];
  readonly itemId?: string;
  readonly code?: string;
  readonly reference?: string;
  readonly readyAtMs?: number | undefined;
}

/** The outcome of a create by the table in the design. It shares no code with the protocol that it checks. */
export function outcomeByTable(exchange: HttpExchange): ExpectedOutcome {
  if (exchange.kind === 'not sent') return { kind: 'not sent' };
  if (exchange.kind === 'no response') {
    const { connected, errorCodes } = exchange;
    const others = errorCodes.filter((code) => !NEVER_CONNECTED.includes(code));
    return { kind: connected || errorCodes.length === 0 || others.length > 0 ? 'unknown' : 'not sent' };
  }
  const { status, item, operation, errorCode = '' } = exchange;
  if (status === 201 && item?.orderId === ORDER.orderId && item.reservationId === ORDER.reservationId) {
    return { kind: 'committed', itemId: item.itemId };
  }
  if (status === 202 && operation !== undefined) {
    return { kind: 'accepted', reference: operation.reference, readyAtMs: operation.readyAtMs };
  }
  if ([400, 403, 404, 422].includes(status) && REJECTIONS.includes(errorCode)) {
    return { kind: 'rejected', code: errorCode };
  }
  return { kind: 'unknown' };
}
