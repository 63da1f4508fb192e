import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { GUARANTEES } from 'exactly-one';
import { messages, type Progress } from 'exactly-one/contract';
import { startScriptedService } from 'exactly-one/testing';
import { createCarrier } from '../../examples/shipping-labels/carrier.ts';
import { CARRIER } from '../../examples/shipping-labels/carrier-mapping.ts';
import { labelOf, labelParcels } from '../../examples/shipping-labels/demo.ts';
import { submitParcel } from '../../examples/shipping-labels/starter.ts';
import { TIMINGS } from '../../examples/shipping-labels/timings.ts';
import { bundleWorkflows, createWorker } from '../../examples/shipping-labels/worker.ts';
import type { labelParcel } from '../../examples/shipping-labels/workflow.ts';
import { waitUntil } from '../../src/platform/processes/wait-until.ts';
import { eachOf, testConcurrently } from '../../testbed/concurrent-tests.ts';
import { POISON_PAYLOADS } from '../../testbed/poison-payloads.ts';
import { createRawRequests, encoded } from '../../testbed/raw-requests.ts';
import '../../testbed/test-runtime.ts';
import { scriptFaults, wrongForSome } from './scripted-carrier.ts';

/** On a busy machine. */
const WITHIN_MS = 120_000;
const PARCELS = 6;
/** With this seed each carrier fails before it prints, resets, refuses after it has printed, and prints past a fence. */
const SEED = 36_800;

const address = process.env.TEST_TEMPORAL_ADDRESS ?? '';
/** A carrier without a guarantee and with scripted faults; its functions are right for most parcels. */
const script = scriptFaults();
let stage: Awaited<ReturnType<typeof setStage>>;
beforeAll(async () => {
  stage = await setStage();
});
afterAll(() => stage.close());

async function setStage() {
  const workflowBundle = await bundleWorkflows();
  const taskQueue = `labels-${randomUUID()}`;
  const service = await startScriptedService({ ...CARRIER, guarantee: 'none', faults: script });
  const connection = await Connection.connect({ address });
  const native = await NativeConnection.connect({ address });
  const carrier = wrongForSome(createCarrier(service.url), script.isReceived);
  const worker = await createWorker({ connection: native, workflowBundle, taskQueue, carrier });
  const running = worker.run();
  const client = new Client({ connection });
  return {
    ...{ client, taskQueue, workflowBundle, store: service.store },
    handleOf: (parcelId: string) => client.workflow.getHandle<typeof labelParcel>(parcelId),
    async close() {
      worker.shutdown();
      await running;
      await native.close();
      await connection.close();
      await service.close();
    },
  };
}

async function submit(parcelId: string) {
  return (await submitParcel(stage.client, { parcelId, guarantee: 'none', taskQueue: stage.taskQueue })).result;
}

/** How a parcel ended, with its label or the reason why it has none, and the labels that are live. */
async function endOf(parcelId: string) {
  const end = await labelOf(stage.client, parcelId);
  return { end, live: stage.store.live(parcelId) };
}

async function label(parcelId: string) {
  await submit(parcelId);
  return endOf(parcelId);
}

function until(what: string, condition: () => boolean): Promise<boolean> {
  return waitUntil(condition, { what, timeoutMs: WITHIN_MS });
}

/** Submits a parcel and waits until its create has reached the carrier. */
async function submitAndCreate(parcelId: string): Promise<void> {
  await submit(parcelId);
  await until(`a create of ${parcelId} to reach the carrier`, () => stage.store.creates(parcelId) > 0);
}

testConcurrently({
  'a parcel': {
    async 'that is started with what cannot be decoded or has the wrong form fails with the reason'() {
      const { start } = createRawRequests(stage.client);
      const valid = encoded({ guarantee: 'none', timings: TIMINGS, resumed: false });
      const { null: nothing, 'broken JSON': broken } = POISON_PAYLOADS;
      const wrong = [
        { payloads: [broken], type: 'InputInvalid' },
        { payloads: [nothing], type: 'InputInvalid' },
        { payloads: [valid, encoded({})], type: 'OptionsInvalid' },
      ];
      for (const [index, { payloads, type }] of wrong.entries()) {
        const parcelId = `poison-${index}-${randomUUID()}`;
        await start(stage.taskQueue, 'labelParcel', parcelId, payloads);
        const failure = await stage.client.workflow.result(parcelId).catch((error: unknown) => error);
        expect(failure).toMatchObject({ cause: { type, nonRetryable: true } });
      }
    },
  },

  'under seeded faults, every parcel ends with exactly one live label, the one it returned, under the guarantee':
    eachOf(Object.fromEntries(GUARANTEES.map((guarantee) => [guarantee, guarantee])), async (guarantee) => {
      const parcelIds = Array.from({ length: PARCELS }, (_, index) => `parcel-${guarantee}-${index}`);
      const { workflowBundle } = stage;
      const result = await labelParcels({ address, workflowBundle, parcelIds, guarantee, seed: SEED });
      expect(result).toMatchObject({ ok: true, seed: SEED, guarantee });
      expect(result.parcels.map(({ live }) => live)).toEqual(result.parcels.map((parcel) => [parcel.label]));
      const { creates, printed, voided, ...counts } = result.audit;
      expect(counts).toEqual({ parcels: PARCELS, exactlyOne: PARCELS, duplicates: 0, missing: 0 });
      expect(creates).toBeGreaterThan(PARCELS);
      expect(printed - voided).toBe(PARCELS);
      if (guarantee !== 'none') expect(printed).toBe(PARCELS);
    }),

  'with the right functions, a parcel': {
    async 'whose first create commits after it has a label keeps its label'() {
      await submit('late');
      const { trackingNumber } = await stage.handleOf('late').result();
      expect(await endOf('late')).toEqual({ end: trackingNumber, live: [trackingNumber] });
      expect(stage.store.list('late').items).toHaveLength(2);
    },

    ...eachOf(
      {
        'that is refused although its label was printed waits while lists are stale, and ends with that label':
          'refused-old',
        'that is refused although its label was printed waits while lists fail, and ends with that label': 'refused',
      },
      async (parcelId) => {
        await submit(parcelId);
        await until(`a list of ${parcelId} after its fence`, () => script.isListedPastFence(parcelId));
        script.restoreLists(parcelId);
        const { live, end } = await endOf(parcelId);
        expect(live).toEqual([end]);
      },
    ),

    async 'that waits says what for, and can be given up'() {
      await submitAndCreate('refused-given-up');
      const handle = stage.handleOf('refused-given-up');
      const progress = () => handle.query<Progress>(messages.progress);
      const isChecking = async () => {
        const { outcomes, phase } = await progress();
        // On a busy machine the refusal may come too late to be read.
        return phase === 'validating' && outcomes.length > 0;
      };
      await waitUntil(isChecking, { what: 'the parcel to check after its create', timeoutMs: WITHIN_MS });
      expect(await progress()).toMatchObject({
        ...{ orderId: 'refused-given-up', guarantee: 'none', cancelRequested: false },
        detail: 'checking which labels exist',
      });
      await handle.signal(messages.giveUp, 'the carrier is gone');
      await expect(handle.result()).rejects.toMatchObject({
        cause: {
          type: 'GivenUp',
          message: 'order refused-given-up was given up and is unresolved: the carrier is gone',
        },
      });
    },

    async 'that is submitted again returns the same label'() {
      const { end } = await label('again');
      expect(await submit('again')).toBe('was completed');
      expect(await endOf('again')).toEqual({ end, live: [end] });
    },

    async 'that is terminated with its create in flight, and submitted again, ends with one label'() {
      await submitAndCreate('late-terminated');
      await stage.handleOf('late-terminated').terminate('by a test');
      expect(await submit('late-terminated')).toBe('resumed');
      const { trackingNumber } = await stage.handleOf('late-terminated').result();
      expect(await endOf('late-terminated')).toEqual({ end: trackingNumber, live: [trackingNumber] });
      expect(stage.store.list('late-terminated').items).toHaveLength(2);
    },

    async 'that is cancelled with its create in flight ends without a live label'() {
      await submitAndCreate('late-cancelled');
      await stage.handleOf('late-cancelled').cancel();
      expect(await endOf('late-cancelled')).toEqual({ end: 'Workflow canceled', live: [] });
      expect(stage.store.list('late-cancelled').items).toEqual([expect.objectContaining({ voided: true })]);
    },
  },

  'with one wrong function, a parcel': {
    async 'has two labels for good if the client retries a create'() {
      await submit('late-create-again');
      const { trackingNumber, lateWatchId } = await stage.handleOf('late-create-again').result();
      expect(lateWatchId).toBeUndefined();
      await until('the late label', () => stage.store.list('late-create-again').items.length === 2);
      const { live } = await endOf('late-create-again');
      expect(live).toHaveLength(2);
      expect(live).toContain(trackingNumber);
    },

    async 'fails although its label is live if a stale list counts as fresh'() {
      const { live, end } = await label('refused-old-list-as-of-arrival');
      expect(live).toHaveLength(1);
      expect(end).toContain('was rejected');
    },

    async 'fails although its label is live if an error counts as an empty list'() {
      const { live, end } = await label('refused-list-error-is-empty');
      expect(live).toHaveLength(1);
      expect(end).toContain('was rejected');
    },
  },
});
