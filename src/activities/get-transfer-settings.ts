import type { AccountActivities, TransferSettings } from '../contracts/account-activities.ts';

/** Read once by each transfer, so that they hold for its whole life. */
export function getTransferSettings(settings: TransferSettings): AccountActivities['getTransferSettings'] {
  return async () => settings;
}
