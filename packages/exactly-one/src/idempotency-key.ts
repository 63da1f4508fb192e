/**
 * The key of an order's next create: it stays the same over all attempts, so that the service can tell a repetition,
 * and changes only when an item was voided, because the old key would give the voided item again.
 */
export function idempotencyKey(orderId: string, voidedItemIds: readonly string[]): string {
  return `${orderId}/${new Set(voidedItemIds).size}`;
}
