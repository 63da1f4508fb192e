import type { AccountActivities } from '../contracts/account-activities.ts';
import { type AccountActivityOptions, accountCall, toMoneyFailure } from './account-activity.ts';

export function deposit({ accountApi }: AccountActivityOptions): AccountActivities['deposit'] {
  return async ({ account, amountCents, ...keys }) => {
    try {
      return await accountApi.deposit(account, amountCents, accountCall(keys));
    } catch (error) {
      throw toMoneyFailure(error);
    }
  };
}
