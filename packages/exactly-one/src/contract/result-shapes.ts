import { type AcceptedOperation, GUARANTEES, type Item, type ItemList, type VoidResult } from '../protocol/index.ts';
import type { AcceptedItem, CreatedItem, ObtainedCredentials } from './activity-contract.ts';
import { isBoolean, isForeignId, isListOf, isOneOf, isOptional, isRecordOf, isTimeMs } from './shapes.ts';

// Workflows validate the results of activities, because any Temporal client can complete an activity.

/** Whether it is the name of a guarantee. */
export const isGuarantee = isOneOf(GUARANTEES);

export const isCredentials = isRecordOf<ObtainedCredentials>({ validUntilMs: isTimeMs });

export const isCreatedItem = isRecordOf<CreatedItem>({ itemId: isForeignId });

export const isAcceptedItem = isRecordOf<AcceptedItem>({
  accepted: isRecordOf<AcceptedOperation>({ reference: isForeignId, readyAtMs: isOptional(isTimeMs) }),
});

export const isItemList = isRecordOf<ItemList>({
  items: isListOf(isRecordOf<Item>({ itemId: isForeignId, createdAtMs: isTimeMs, voided: isBoolean })),
  asOfMs: isTimeMs,
});

export const isVoidResult = isOneOf<VoidResult>(['voided', 'keeper-not-live']);
