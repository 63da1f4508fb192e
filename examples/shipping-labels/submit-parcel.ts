import type { Client } from '@temporalio/client';
import { type SubmissionResult, startOptions, submit } from '../../src/starter/submit.ts';
import type { labelParcel, ParcelInput } from './workflow.ts';

/**
 * Submits a parcel. Submitting the same parcel again, while it runs or long after, returns the same label. If its last run
 * was closed without a label, the new run knows it.
 */
export function submitParcel(
  client: Client,
  taskQueue: string,
  parcelId: string,
  settings: Omit<ParcelInput, 'resumed'>,
): Promise<SubmissionResult> {
  return submit(client, parcelId, (start) =>
    client.workflow.start<typeof labelParcel>('labelParcel', {
      ...startOptions(start),
      taskQueue,
      args: [{ ...settings, resumed: start.resumed }],
    }),
  );
}
