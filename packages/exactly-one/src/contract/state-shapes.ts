import {
  type AcceptedResolution,
  GUARANTEES,
  type OrderState,
  type Resolution,
  type SeenItems,
  type Timings,
  type WatchState,
} from '../protocol/index.ts';
import {
  type Check,
  isBoolean,
  isCount,
  isDurationMs,
  isForeignId,
  isListOf,
  isOneOf,
  isOptional,
  isRecordOf,
  isText,
  isTimeMs,
} from './shapes.ts';

const isSeen = isRecordOf<SeenItems>({ itemIds: isListOf(isForeignId), voidedItemIds: isListOf(isForeignId) });

const isUnresolvedCreates: Check = (value) =>
  isRecordOf({ kind: isOneOf(['earlier run']) })(value) ||
  isRecordOf<Extract<OrderState['unresolvedCreates'], { kind: 'this run' }>>({
    kind: isOneOf(['this run']),
    count: isCount,
    key: isOptional(isText),
    claimedItemId: isOptional(isForeignId),
    claimUnlisted: isOptional(isOneOf([true])),
    accepted: isOptional(isOneOf([true])),
  })(value);

/** Whether it is complete timings, each from 0 milliseconds to thirty years. */
export const isTimings = isRecordOf<Timings>({
  createDeadlineMs: isDurationMs,
  clockSkewMs: isDurationMs,
  settleMs: isDurationMs,
  acceptWithinMs: isOptional(isDurationMs),
  lateWatchMs: isListOf(isDurationMs),
});

/** What continue-as-new carries of an order. */
export const isOrderState = isRecordOf<OrderState>({
  guarantee: isOneOf(GUARANTEES),
  mustRereadGuarantee: isBoolean,
  resumed: isBoolean,
  createAttempts: isCount,
  lastDeadlineMs: isOptional(isTimeMs),
  readyAtMs: isOptional(isTimeMs),
  unresolvedCreates: isOptional(isUnresolvedCreates),
  stayedUnknown: isBoolean,
  absenceProven: isBoolean,
  rejection: isOptional(isRecordOf({ code: isText, reason: isText })),
  cancelRequested: isBoolean,
  seen: isSeen,
  notBeforeMs: isTimeMs,
  checks: isCount,
  finalChecks: isCount,
  voidRounds: isCount,
  backOffs: isCount,
});

const isSaid: Check = (value) => isText(value) && String(value).trim() !== '';

/** What a person says about an order: which item it has, or that it has none, and not both. */
export function isResolution(value: unknown): value is Resolution {
  const said = { reason: isSaid, by: isSaid };
  const isAbsent: Check = (field) => field === undefined;
  return (
    isRecordOf({ ...said, itemId: isForeignId, none: isAbsent })(value) ||
    isRecordOf({ ...said, itemId: isAbsent, none: isOneOf([true]) })(value)
  );
}

/** A resolution that an earlier run has accepted. */
export function isAcceptedResolution(value: unknown): value is AcceptedResolution {
  return isResolution(value) && isRecordOf({ atMs: isTimeMs })(value);
}

/** What a late watch starts with, and what continue-as-new carries of it. */
export const isWatchState = isRecordOf<WatchState>({
  promisedItemId: isForeignId,
  lateWatchMs: isListOf(isDurationMs),
  seen: isSeen,
  voidedItemIds: isListOf(isForeignId),
});
