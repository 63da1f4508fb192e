/** Names of the signals that the workflows of the protocol handle. */
export const messages = {
  /** Signal with a reason: closes an order or a late watch as failed while its outcome is unresolved. */
  giveUp: 'giveUp',
} as const;
