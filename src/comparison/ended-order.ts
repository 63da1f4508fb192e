/** What a strategy made of an order, by its own account. */
export interface EndedOrder {
  readonly orderId: string;
  /** `nothing`: it had not ended when it was no longer waited for. */
  readonly said: 'ticket' | 'failure' | 'nothing';
  /** From its submission to its end. */
  readonly tookMs: number;
}

/** How long orders are waited for; one that takes longer is stopped. */
export const END_WITHIN_MS = 300_000;
