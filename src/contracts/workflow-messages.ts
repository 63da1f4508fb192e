/** Names of the queries and signals that workflows answer to. */
export const messages = {
  /** Query: {@link OrderProgress}. */
  orderProgress: 'orderProgress',
  /** Signal with a reason: closes the order, or its late watch, as failed although its outcome is unresolved. */
  giveUp: 'giveUp',
  /** Query: {@link TransferProgress}. */
  transferProgress: 'transferProgress',
} as const;

/** Names by which starters know the workflows. */
export const workflowTypes = {
  processOrder: 'processOrder',
  lateWatch: 'lateWatch',
  transferMoney: 'transferMoney',
} as const;
