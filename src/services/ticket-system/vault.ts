import { createHash } from 'node:crypto';

/** The card of a reservation: always the same one, and nothing of it is stored. */
export function paymentInfoOf(reservationId: string): string {
  const digest = createHash('sha256').update(`card of ${reservationId}`).digest();
  const groups = [0, 1, 2, 3].map((group) => String(digest.readUInt32BE(group * 4) % 10_000).padStart(4, '0'));
  return ['VISA', ...groups].join('-');
}
