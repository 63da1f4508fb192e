import { GUARANTEES, type Item, type ItemList, type VoidResult } from '../protocol/index.ts';
import type { CreatedItem, ObtainedCredentials } from './activity-contract.ts';
import { isBoolean, isForeignId, isListOf, isOneOf, isRecordOf, isTimeMs } from './shapes.ts';

// Workflows validate the results of activities, because any Temporal client can complete an activity.

export const isGuarantee = isOneOf(GUARANTEES);

export const isCredentials = isRecordOf<ObtainedCredentials>({ validUntilMs: isTimeMs });

export const isCreatedItem = isRecordOf<CreatedItem>({ itemId: isForeignId });

export const isItemList = isRecordOf<ItemList>({
  items: isListOf(isRecordOf<Item>({ itemId: isForeignId, createdAtMs: isTimeMs, voided: isBoolean })),
  asOfMs: isTimeMs,
});

export const isVoidResult = isOneOf<VoidResult>(['voided', 'keeper-not-live']);
