import { Client, Connection, WorkflowFailedError } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import type { Guarantee } from 'exactly-one';
import { submit } from 'exactly-one/client';
import { waitUntil } from '../../../src/platform/processes/wait-until.ts';
import { type Carrier, createCarrier } from '../carrier.ts';
import { createWorker } from '../worker.ts';
import type { LabelledParcel, labelParcel } from '../workflow.ts';
import { type CarrierFaults, createCarrierService } from './carrier-service.ts';
import { TIMINGS } from './timings.ts';

const IN_FLIGHT_WITHIN_MS = 30_000;

export type Stage = Awaited<ReturnType<typeof setStage>>;

/** Starts a carrier and a worker that calls it, on a task queue of its own. */
export async function setStage(options: {
  readonly address: string;
  readonly taskQueue: string;
  readonly workflowBundle: { readonly code: string };
  readonly guarantee: Guarantee;
  readonly faults: CarrierFaults;
  /** Replaces functions of the carrier client; default none. */
  readonly replace?: (right: Carrier) => Carrier;
}) {
  const { address, taskQueue, workflowBundle, guarantee, faults, replace = (right) => right } = options;
  const service = createCarrierService(guarantee, faults);
  const url = await service.listen();
  const [connection, native] = await Promise.all([
    Connection.connect({ address }),
    NativeConnection.connect({ address }),
  ]);
  const client = new Client({ connection });
  const carrier = replace(createCarrier(url));
  const worker = await createWorker({ connection: native, workflowBundle, taskQueue, carrier, timings: TIMINGS });
  const running = worker.run();
  const handleOf = (parcelId: string) => client.workflow.getHandle<typeof labelParcel>(parcelId);

  return {
    client,
    taskQueue,
    carrier,
    store: service.store,
    async submit(parcelId: string) {
      const input = { guarantee, timings: TIMINGS };
      const parcel = { workflow: 'labelParcel', workflowId: parcelId, taskQueue, input };
      return (await submit<typeof labelParcel>(client, parcel)).result;
    },
    handleOf,
    /** Waits until a parcel and its late watch have ended, and returns its label or the reason why it has none. */
    async quiescence(parcelId: string): Promise<LabelledParcel | Error> {
      try {
        const labelled = await handleOf(parcelId).result();
        if (labelled.lateWatchId !== undefined) await client.workflow.getHandle(labelled.lateWatchId).result();
        return labelled;
      } catch (error) {
        if (error instanceof WorkflowFailedError && error.cause !== undefined) return error.cause;
        throw error;
      }
    },
    untilNothingInFlight: () =>
      waitUntil(() => service.inFlight() === 0, {
        what: 'the carrier to have no create in flight',
        timeoutMs: IN_FLIGHT_WITHIN_MS,
      }),
    async close() {
      worker.shutdown();
      await running;
      await native.close();
      await connection.close();
      await service.close();
    },
  };
}
