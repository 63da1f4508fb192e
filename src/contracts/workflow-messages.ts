/** Names of the queries and signals that orders and late watches answer to. */
export const messages = {
  /** Query: {@link OrderProgress}. */
  orderProgress: 'orderProgress',
  /** Signal with a reason: closes the order, or its late watch, as failed although its outcome is unresolved. */
  giveUp: 'giveUp',
} as const;

/** Names by which starters know the workflows. */
export const workflowTypes = {
  processOrder: 'processOrder',
  lateWatch: 'lateWatch',
} as const;
