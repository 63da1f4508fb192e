/** What an item is made for. */
export interface OrderReference {
  readonly orderId: string;
  /** Where the service has one. */
  readonly reservationId?: string;
}

/** An item as the protocol checks at it: no payment data ever enters a workflow. */
export interface Item {
  readonly itemId: string;
  readonly createdAtMs: number;
  readonly voided: boolean;
}

/** A whole, fresh answer to "which items does this order have?". */
export interface ItemList {
  /** Distinct by id. */
  readonly items: readonly Item[];
  /** The item system's own clock, epoch milliseconds. */
  readonly asOfMs: number;
}

/** Items and voids that a run has seen in answers; a later answer that lacks one is no answer. */
export interface SeenItems {
  readonly itemIds: readonly string[];
  readonly voidedItemIds: readonly string[];
}

export type VoidResult = 'voided' | 'keeper-not-live';
