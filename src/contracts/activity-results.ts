import { isCount, isForeignId, isGuarantee, isRecordOf, isText } from 'exactly-one/contract';
import type { MoneyMoved, RefusalDetails } from './account-activities.ts';
import type { Reservation } from './ticket-activities.ts';

// Workflows validate the results of activities, because any Temporal client can complete an activity.

export const isReservation = isRecordOf<Reservation>({ reservationId: isForeignId, guarantee: isGuarantee });

export const isMoneyMoved = isRecordOf<MoneyMoved>({ previousCents: isCount, newCents: isCount });

export const isRefusal = isRecordOf<RefusalDetails>({ code: isText });

export function isBalance(value: unknown): value is number {
  return isCount(value);
}
