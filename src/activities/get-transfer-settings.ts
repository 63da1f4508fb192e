import type { MoneyActivities, TransferSettings } from '../contracts/money-activities.ts';

/** Read once by each transfer, so that they hold for its whole life. */
export function getTransferSettings(settings: TransferSettings): MoneyActivities['getTransferSettings'] {
  return async () => settings;
}
