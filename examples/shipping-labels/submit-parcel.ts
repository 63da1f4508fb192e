import type { Client } from '@temporalio/client';
import { type SubmissionResult, startOptions, submit } from '../../src/starter/submit.ts';
import type { labelParcel, ParcelInput } from './workflow.ts';

/**
 * Submits a parcel. Submitted again, while it is under way or long after, it leads to the same label; after a run that
 * was closed without one, the next run is told so.
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
