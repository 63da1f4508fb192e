import { createHash } from 'node:crypto';
import { customAlphabet } from 'nanoid';

/** Matches a reservation id, such as `108345-ASDFQWERTY`. */
export const RESERVATION_ID_PATTERN = '^[0-9]{6}-[A-Z]{10}$';
/** Matches a ticket id, which is part of a file name. */
export const TICKET_ID_PATTERN = '^[A-Za-z0-9_-]{1,64}$';

const DIGITS = '0123456789';
const CAPITALS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** How the ticket system names reservations, tickets and creates that it finishes later. */
export interface Ids {
  reservationId(orderId: string): string;
  ticketId(): string;
  operationId(): string;
}

const randomPart = customAlphabet(DIGITS + CAPITALS, 20);

/**
 * Ticket ids are random. A reservation id is derived from the order id, so that the same seed gives the same faults for
 * its payment method.
 */
export const realIds: Ids = {
  ticketId: () => `TICKET-${randomPart()}`,
  operationId: () => `OPERATION-${randomPart()}`,
  reservationId(orderId) {
    const bytes = [...createHash('sha256').update(`reservation of ${orderId}`).digest()];
    return `${spell(bytes.slice(0, 6), DIGITS)}-${spell(bytes.slice(6, 16), CAPITALS)}`;
  },
};

/** The card of a reservation: derived from its id, so it is always the same and never stored. */
export function paymentInfoOf(reservationId: string): string {
  const digest = createHash('sha256').update(`card of ${reservationId}`).digest();
  const groups = [0, 1, 2, 3].map((group) => String(digest.readUInt32BE(group * 4) % 10_000).padStart(4, '0'));
  return ['VISA', ...groups].join('-');
}

function spell(bytes: readonly number[], alphabet: string): string {
  return bytes.map((byte) => alphabet.charAt(byte % alphabet.length)).join('');
}
