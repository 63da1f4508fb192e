/** Names of the query and the signals that workflows of the protocol handle. */
export const messages = {
  /** Query that returns a `Progress`. */
  progress: 'exactlyOneProgress',
  /** Signal with a reason: closes an order or a late watch as failed while its outcome is unresolved. */
  giveUp: 'giveUp',
  /** Signal without arguments: an item may have come, so an order that waits for one checks soon. */
  checkNow: 'checkNow',
} as const;
