import type { CreateExchange, CreateOutcome } from 'exactly-one';
import { ORDER } from '../simulated/ticket-system.ts';

const NEVER_CONNECTED = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN'];
const REJECTIONS = ['INVALID_REQUEST', 'FORBIDDEN', 'RESERVATION_UNKNOWN', 'PAYMENT_DECLINED'];

/** What is known of an outcome, beside its reason for people. */
export interface ExpectedOutcome {
  readonly kind: CreateOutcome['kind'];
  readonly itemId?: string;
  readonly code?: string;
  readonly tokenRefused?: boolean;
}

/** What a create came to, by the table of the design; it shares nothing with the protocol that it checks. */
export function outcomeByTable(exchange: CreateExchange): ExpectedOutcome {
  if (exchange.kind === 'no response') {
    const { connected, errorCodes } = exchange;
    const others = errorCodes.filter((code) => !NEVER_CONNECTED.includes(code));
    return { kind: connected || errorCodes.length === 0 || others.length > 0 ? 'unknown' : 'not sent' };
  }
  const { status, item: ticket, errorCode = '' } = exchange;
  if (status === 201 && ticket?.orderId === ORDER.orderId && ticket.reservationId === ORDER.reservationId) {
    return { kind: 'committed', itemId: ticket.itemId };
  }
  if ([400, 403, 404, 422].includes(status) && REJECTIONS.includes(errorCode)) {
    return { kind: 'rejected', code: errorCode };
  }
  return { kind: 'unknown', tokenRefused: status === 401 };
}
