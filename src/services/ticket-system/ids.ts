import { createHash } from 'node:crypto';
import { customAlphabet } from 'nanoid';

/** Well-formed ids of reservations, such as `108345-ASDFQWERTY`. */
export const RESERVATION_ID_PATTERN = '^[0-9]{6}-[A-Z]{10}$';
/** What an id of a ticket may look like; it is part of a file name. */
export const TICKET_ID_PATTERN = '^[A-Za-z0-9_-]{1,64}$';

const DIGITS = '0123456789';
const CAPITALS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** How the ticket system names what it makes. */
export interface Ids {
  reservationId(orderId: string): string;
  ticketId(): string;
}

const randomTicketPart = customAlphabet(DIGITS + CAPITALS, 20);

/**
 * Ticket ids are random. The id of a reservation comes from the order's, so that the faults of its payment method are
 * the same ones under the same seed.
 */
export const ids: Ids = {
  ticketId: () => `TICKET-${randomTicketPart()}`,
  reservationId(orderId) {
    const bytes = [...createHash('sha256').update(`reservation of ${orderId}`).digest()];
    return `${spell(bytes.slice(0, 6), DIGITS)}-${spell(bytes.slice(6, 16), CAPITALS)}`;
  },
};

function spell(bytes: readonly number[], alphabet: string): string {
  return bytes.map((byte) => alphabet.charAt(byte % alphabet.length)).join('');
}
