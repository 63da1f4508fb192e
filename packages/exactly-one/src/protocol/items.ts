/** The order that an item belongs to. */
export interface OrderReference {
  readonly orderId: string;
  /** For a service with reservations. Without one, its items must not have one either. */
  readonly reservationId?: string;
}

/** An item as the protocol sees it. Payment data never enters a workflow. */
export interface Item {
  readonly itemId: string;
  /** Epoch milliseconds, by the service's clock. */
  readonly createdAtMs: number;
  /** Whether it has been taken out of circulation. */
  readonly voided: boolean;
}

/** The items of one order, from a complete response. */
export interface ItemList {
  /** Distinct by id, voided items included. */
  readonly items: readonly Item[];
  /** When the service read them: epoch milliseconds, by its own clock. */
  readonly asOfMs: number;
}

/** The items and voids that a run has seen. A later response that lacks one of them is not complete. */
export interface SeenItems {
  readonly itemIds: readonly string[];
  readonly voidedItemIds: readonly string[];
}

/** `keeper-not-live`: the service refused the void, because the item to keep is not live. */
export type VoidResult = 'voided' | 'keeper-not-live';
