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
