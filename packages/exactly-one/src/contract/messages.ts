/** Names of the query, the signals and the update that workflows of the protocol handle. */
export const messages = {
  /** Query that returns a `Progress`. */
  progress: 'exactlyOneProgress',
  /** Signal with a reason: closes an order or a late watch as failed while its outcome is unresolved. */
  giveUp: 'giveUp',
  /** Update with a `Resolution`: a person says which item an order has, or that it has none. */
  resolve: 'resolve',
  /** Signal without arguments: an item may have come, so an order that waits for one checks soon. */
  checkNow: 'checkNow',
} as const;
