import type { AccountActivities } from '../contracts/account-activities.ts';
import { type AccountActivityOptions, accountCall, toMoneyFailure } from './account-activity.ts';

export function withdraw({ accountApi }: AccountActivityOptions): AccountActivities['withdraw'] {
  return async ({ account, amountCents, idempotencyKey }) => {
    try {
      return await accountApi.withdraw(account, amountCents, accountCall({ idempotencyKey }));
    } catch (error) {
      throw toMoneyFailure(error);
    }
  };
}
