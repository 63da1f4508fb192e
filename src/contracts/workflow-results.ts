import type { ResolutionRecord } from 'exactly-one';
import {
  type Check,
  isBoolean,
  isCount,
  isForeignId,
  isGuarantee,
  isListOf,
  isOneOf,
  isOptional,
  isRecordOf,
  isText,
  isTimeMs,
} from 'exactly-one/contract';
import { ACCOUNT_PATTERN, orderIdProblem } from './ids.ts';
import type { Claim, OrderProgress, OrderResult } from './order.ts';
import { type BalancesCents, TRANSFER_STEPS, type TransferProgress, type TransferResult } from './transfer.ts';

// What workflows report, as starters check it: a workflow of another program can have the id of an order.

const isOrderId: Check = (value) => orderIdProblem(value) === undefined;
const isForeignIds = isListOf(isForeignId);

/** Who has said how an order ended, why and when. */
export const isResolutionRecord = isRecordOf<ResolutionRecord>({ reason: isText, by: isText, atMs: isTimeMs });

export function isClaim(value: unknown): value is Claim {
  const isAbsent: Check = (field) => field === undefined;
  const record = { reason: isText, by: isText, atMs: isTimeMs };
  return (
    isRecordOf({ ...record, ticketId: isForeignId, none: isAbsent })(value) ||
    isRecordOf({ ...record, ticketId: isAbsent, none: isOneOf([true]) })(value)
  );
}

export const isOrderResult = isRecordOf<OrderResult>({
  orderId: isOrderId,
  reservationId: isForeignId,
  ticketId: isForeignId,
  createAttempts: isCount,
  voidedTicketIds: isForeignIds,
  cancellation: isOptional(isText),
  resolution: isOptional(isResolutionRecord),
});

export const isOrderProgress = isRecordOf<OrderProgress>({
  orderId: isOrderId,
  phase: isText,
  detail: isText,
  reservationId: isOptional(isForeignId),
  guarantee: isOptional(isGuarantee),
  createAttempts: isCount,
  outcomes: isListOf(isText),
  fenceMs: isOptional(isTimeMs),
  untilMs: isOptional(isTimeMs),
  ticketId: isOptional(isForeignId),
  voidedTicketIds: isForeignIds,
  cancelRequested: isBoolean,
});

const accountExpression = new RegExp(ACCOUNT_PATTERN);
const isAccount: Check = (value) => typeof value === 'string' && accountExpression.test(value);
const terms = { transferId: isText, from: isAccount, to: isAccount, amountCents: isCount };

const isCents: Check = (value) => value === null || isCount(value);
const isBalances = isRecordOf<BalancesCents>({ from: isCents, to: isCents });

export const isTransferResult = isRecordOf<TransferResult>({
  ...terms,
  status: isOneOf(['completed', 'refunded']),
  reason: isOptional(isText),
  startingBalancesCents: isBalances,
  finalBalancesCents: isBalances,
  cancellation: isOptional(isText),
});

export const isTransferProgress = isRecordOf<TransferProgress>({
  ...terms,
  stepsDone: isListOf(isText),
  currentStep: isOptional(isOneOf(TRANSFER_STEPS)),
  remarks: isListOf(isText),
  cancelRequested: isBoolean,
});
