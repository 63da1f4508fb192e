import { defineSearchAttributeKey } from '@temporalio/common';

/** Search attributes of an order, which show in Temporal's workflow lists. */
export const orderSearchAttributes = {
  /** An `OrderPhase`, or {@link IN_PROGRESS}. */
  phase: defineSearchAttributeKey('OrderPhase', 'KEYWORD'),
  /** The order's one ticket. */
  ticketId: defineSearchAttributeKey('OrderTicketId', 'KEYWORD'),
  createAttempts: defineSearchAttributeKey('OrderCreateAttempts', 'INT'),
  /** The weakest `Guarantee` seen. */
  guarantee: defineSearchAttributeKey('OrderGuarantee', 'KEYWORD'),
} as const;

/** The phase of an order from its start until it settles or ends: each change of an attribute adds an event to its history. */
export const IN_PROGRESS = 'in progress';

/** Search attributes of a transfer. */
export const transferSearchAttributes = {
  from: defineSearchAttributeKey('TransferFrom', 'KEYWORD'),
  to: defineSearchAttributeKey('TransferTo', 'KEYWORD'),
  /** `running`, `completed`, `refunded`, `refused` or `cancelled`. */
  status: defineSearchAttributeKey('TransferStatus', 'KEYWORD'),
} as const;
