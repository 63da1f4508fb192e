import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Client, Connection, WorkflowFailedError } from '@temporalio/client';
import { NativeConnection, type WorkflowBundleOption } from '@temporalio/worker';
import type { Guarantee } from 'exactly-one';
import { faultRules, type ScriptedService, seededFaults, startScriptedService } from 'exactly-one/testing';
import { createCarrier } from './carrier.ts';
import { CARRIER } from './carrier-mapping.ts';
import { submitParcel } from './starter.ts';
import { TIMINGS } from './timings.ts';
import { createWorker } from './worker.ts';
import type { labelParcel } from './workflow.ts';

export interface DemoOptions {
  /** Of the Temporal server: `127.0.0.1:7233`. */
  readonly address: string;
  readonly workflowBundle: WorkflowBundleOption;
  readonly parcelIds: readonly string[];
  readonly guarantee: Guarantee;
  /** Of the carrier's faults. */
  readonly seed: number;
}

export type DemoResult = Awaited<ReturnType<typeof labelParcels>>;

/**
 * Gets labels for parcels from a carrier with faults at every point, waits until nothing can change any more, and counts
 * the labels that the carrier has printed.
 */
export async function labelParcels({ address, workflowBundle, parcelIds, guarantee, seed }: DemoOptions) {
  const service = await startScriptedService({
    ...CARRIER,
    guarantee,
    faults: seededFaults(seed, faultRules(TIMINGS)),
  });
  const [connection, native] = await Promise.all([
    Connection.connect({ address }),
    NativeConnection.connect({ address }),
  ]);
  const client = new Client({ connection });
  const taskQueue = `labels-${randomUUID()}`;
  const carrier = createCarrier(service.url);
  const worker = await createWorker({ connection: native, workflowBundle, taskQueue, carrier });
  try {
    return await worker.runUntil(async () => {
      const parcels = await Promise.all(
        parcelIds.map(async (parcelId) => {
          await submitParcel(client, { parcelId, guarantee, taskQueue });
          return outcomeOf(parcelId, await labelOf(client, parcelId), service);
        }),
      );
      while (service.inFlight() > 0) await pause(50);
      const { orders, made, voided, ...counts } = service.store.count();
      const audit = { parcels: orders, ...counts, printed: made, voided };
      const ok = audit.exactlyOne === parcelIds.length && parcels.every(({ isTheLiveOne }) => isTheLiveOne);
      return { ok, seed, guarantee, audit, parcels };
    });
  } finally {
    await native.close();
    await connection.close();
    await service.close();
  }
}

/** Waits until a parcel and its late watch have ended, and returns its label or the reason why it has none. */
export async function labelOf(client: Client, parcelId: string): Promise<string> {
  try {
    const { trackingNumber, lateWatchId } = await client.workflow.getHandle<typeof labelParcel>(parcelId).result();
    if (lateWatchId !== undefined) await client.workflow.getHandle(lateWatchId).result();
    return trackingNumber;
  } catch (error) {
    if (error instanceof WorkflowFailedError && error.cause !== undefined) return error.cause.message;
    throw error;
  }
}

function outcomeOf(parcelId: string, label: string, { store }: ScriptedService) {
  const live = store.live(parcelId);
  return {
    parcelId,
    label,
    creates: store.creates(parcelId),
    live,
    isTheLiveOne: live.length === 1 && live[0] === label,
  };
}
