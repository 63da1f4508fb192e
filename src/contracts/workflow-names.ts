import { messages as protocolMessages } from 'exactly-one/contract';

/** The task queue of workers and starters, unless the setting `TASK_QUEUE` names another. */
export const DEFAULT_TASK_QUEUE = 'temporal-ticketing';

/** Workflow types, by which starters start them. */
export const workflowTypes = {
  processOrder: 'processOrder',
  lateWatch: 'lateWatch',
  transferMoney: 'transferMoney',
} as const;

/** Names of the queries and signals that workflows handle. */
export const messages = {
  /** Query that returns an `OrderProgress`. */
  orderProgress: 'orderProgress',
  /** Query that returns a `TransferProgress`. */
  transferProgress: 'transferProgress',
  /** Signal with a reason: closes an order or a late watch as failed while its outcome is unresolved. */
  giveUp: protocolMessages.giveUp,
  /** Update with a resolution: a person says which ticket an order has, or that it has none. */
  resolve: protocolMessages.resolve,
  /** Signal without arguments: a ticket may have come, so an order that waits for one checks soon. */
  checkNow: protocolMessages.checkNow,
} as const;
