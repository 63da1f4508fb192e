/**
 * The key of an order's next create: it stays the same over all attempts, so that the service can tell a repetition,
 * and changes only when a ticket was voided, because the old key would give the voided ticket again.
 */
export function idempotencyKey(orderId: string, voidedTicketIds: readonly string[]): string {
  return `${orderId}/${new Set(voidedTicketIds).size}`;
}
