import { defineSearchAttributeKey } from '@temporalio/common';

/** What an order shows of itself in Temporal's lists, each under its name in the namespace. */
export const orderSearchAttributes = {
  /** An `OrderPhase`. */
  phase: defineSearchAttributeKey('OrderPhase', 'KEYWORD'),
  /** The ticket that stays. */
  ticketId: defineSearchAttributeKey('OrderTicketId', 'KEYWORD'),
  createAttempts: defineSearchAttributeKey('OrderCreateAttempts', 'INT'),
  /** The weakest `Guarantee` that was seen. */
  guarantee: defineSearchAttributeKey('OrderGuarantee', 'KEYWORD'),
} as const;

/** What a transfer shows of itself. */
export const transferSearchAttributes = {
  from: defineSearchAttributeKey('TransferFrom', 'KEYWORD'),
  to: defineSearchAttributeKey('TransferTo', 'KEYWORD'),
  /** `running`, or how it ended: the status of its result, `refused` or `cancelled`. */
  status: defineSearchAttributeKey('TransferStatus', 'KEYWORD'),
} as const;
