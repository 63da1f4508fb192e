import type { AccountActivities } from '../contracts/account-activities.ts';
import { type AccountActivityOptions, accountCall, toMoneyFailure } from './account-activity.ts';

export function checkBalance({ accountApi }: AccountActivityOptions): AccountActivities['checkBalance'] {
  return async ({ account }) => {
    try {
      return await accountApi.balance(account, accountCall());
    } catch (error) {
      throw toMoneyFailure(error);
    }
  };
}
