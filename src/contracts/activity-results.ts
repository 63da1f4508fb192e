import { GUARANTEES, type Item, type ItemList, type VoidResult } from 'exactly-one';
import type { MoneyMoved, RefusalDetails } from './account-activities.ts';
import { isBoolean, isCount, isForeignId, isListOf, isOneOf, isRecordOf, isText, isTimeMs } from './shapes.ts';
import type { Reservation, TokenRequirement } from './ticket-activities.ts';

// Workflows validate the results of activities, because any Temporal client can complete an activity.

export const isToken = isRecordOf<Pick<TokenRequirement, 'validUntilMs'>>({ validUntilMs: isTimeMs });

export const isGuarantee = isOneOf(GUARANTEES);

export const isReservation = isRecordOf<Reservation>({ reservationId: isForeignId, guarantee: isGuarantee });

export const isCreated = isRecordOf<{ readonly ticketId: string }>({ ticketId: isForeignId });

export const isItemList = isRecordOf<ItemList>({
  items: isListOf(isRecordOf<Item>({ itemId: isForeignId, createdAtMs: isTimeMs, voided: isBoolean })),
  asOfMs: isTimeMs,
});

export const isVoidResult = isOneOf<VoidResult>(['voided', 'keeper-not-live']);

export const isMoneyMoved = isRecordOf<MoneyMoved>({ previousCents: isCount, newCents: isCount });

export const isRefusal = isRecordOf<RefusalDetails>({ code: isText });

export function isBalance(value: unknown): value is number {
  return isCount(value);
}
