import type { MoneyActivities } from '../contracts/money-activities.ts';
import { type AccountActivityOptions, accountCall, toMoneyFailure } from './account-activity.ts';

export function deposit({ accountApi }: AccountActivityOptions): MoneyActivities['deposit'] {
  return async ({ account, amountCents, idempotencyKey }) => {
    try {
      return await accountApi.deposit(account, amountCents, accountCall(idempotencyKey));
    } catch (error) {
      throw toMoneyFailure(error);
    }
  };
}
