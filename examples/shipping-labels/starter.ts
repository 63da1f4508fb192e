import type { Client } from '@temporalio/client';
import type { Guarantee } from 'exactly-one';
import { submit } from 'exactly-one/client';
import { TIMINGS } from './timings.ts';
import type { labelParcel } from './workflow.ts';

/** Gets a label for a parcel: starts its workflow, attaches to it, or starts it again after a run without a result. */
export function submitParcel(client: Client, parcel: { parcelId: string; guarantee: Guarantee; taskQueue: string }) {
  const { parcelId, guarantee, taskQueue } = parcel;
  return submit<typeof labelParcel>(client, {
    workflow: 'labelParcel',
    workflowId: parcelId,
    taskQueue,
    input: { guarantee, timings: TIMINGS },
  });
}
