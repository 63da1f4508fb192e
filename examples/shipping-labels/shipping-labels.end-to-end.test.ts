import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect } from '@jest/globals';
import { GUARANTEES, type Guarantee } from 'exactly-one';
import { messages, type Progress } from 'exactly-one/contract';
import { waitUntil } from '../../src/platform/processes/wait-until.ts';
import { eachOf, testConcurrently } from '../../testbed/concurrent-tests.ts';
import { POISON_PAYLOADS } from '../../testbed/poison-payloads.ts';
import { createRawRequests, encoded } from '../../testbed/raw-requests.ts';
import '../../testbed/test-runtime.ts';
import type { CarrierFaults } from './demo/carrier-service.ts';
import { scriptFaults } from './demo/scripted-faults.ts';
import { seededFaults } from './demo/seeded-faults.ts';
import { type Stage, setStage } from './demo/stage.ts';
import { TIMINGS } from './demo/timings.ts';
import { wrongForSome } from './demo/wrong-functions.ts';
import { bundleWorkflows } from './worker.ts';

const PARCELS = 6;
/** With this seed each carrier fails some creates before they take effect and delays others past their deadlines. */
const SEED = 129;

let workflowBundle: Awaited<ReturnType<typeof bundleWorkflows>>;
/** A carrier without a guarantee and with scripted faults; its functions are right for most parcels. */
let scripted: Stage;
const script = scriptFaults();
const stages: Stage[] = [];
beforeAll(async () => {
  workflowBundle = await bundleWorkflows();
  scripted = await onStage('none', script);
});
afterAll(async () => {
  for (const stage of stages.reverse()) await stage.close();
});

async function onStage(guarantee: Guarantee, faults: CarrierFaults): Promise<Stage> {
  const address = process.env.TEST_TEMPORAL_ADDRESS ?? '';
  const taskQueue = `labels-${randomUUID()}`;
  const stage = await setStage({ address, taskQueue, workflowBundle, guarantee, faults, replace: wrongForSome });
  stages.push(stage);
  return stage;
}

/** How a parcel ended, with its label or the reason why it has none, and the labels that are live. */
async function endOf({ quiescence, untilNothingInFlight, store }: Stage, parcelId: string) {
  const end = await quiescence(parcelId);
  await untilNothingInFlight();
  return { end: 'trackingNumber' in end ? end.trackingNumber : end.message, live: store.live(parcelId) };
}

async function label(stage: Stage, parcelId: string) {
  await stage.submit(parcelId);
  return endOf(stage, parcelId);
}

function until(what: string, condition: () => boolean): Promise<boolean> {
  return waitUntil(condition, { what, timeoutMs: 30_000 });
}

/** Submits a parcel and waits until its create has reached the carrier. */
async function submitAndCreate(parcelId: string): Promise<void> {
  await scripted.submit(parcelId);
  await until(`a create of ${parcelId} to reach the carrier`, () => scripted.store.creates(parcelId) > 0);
}

/** Waits until a parcel has been listed past the fence of all creates that were sent before now. */
async function untilListedPastFence(parcelId: string): Promise<void> {
  const fenceMs = Date.now() + TIMINGS.createDeadlineMs + TIMINGS.settleMs + TIMINGS.clockSkewMs;
  await until(`a list of ${parcelId} after its fence`, () => script.lastListMs(parcelId) > fenceMs);
}

testConcurrently({
  'a parcel': {
    async 'that is started with what cannot be decoded or has the wrong form fails with the reason'() {
      const { start } = createRawRequests(scripted.client);
      const valid = encoded({ guarantee: 'none', timings: TIMINGS, resumed: false });
      const { null: nothing, 'broken JSON': broken } = POISON_PAYLOADS;
      const wrong = [
        { payloads: [broken], type: 'InputInvalid' },
        { payloads: [nothing], type: 'InputInvalid' },
        { payloads: [valid, encoded({})], type: 'OptionsInvalid' },
      ];
      for (const [index, { payloads, type }] of wrong.entries()) {
        const parcelId = `poison-${index}-${randomUUID()}`;
        await start(scripted.taskQueue, 'labelParcel', parcelId, payloads);
        const failure = await scripted.client.workflow.result(parcelId).catch((error: unknown) => error);
        expect(failure).toMatchObject({ cause: { type, nonRetryable: true } });
      }
    },
  },

  'under seeded faults, every parcel ends with exactly one live label, the one it returned, under the guarantee':
    eachOf(Object.fromEntries(GUARANTEES.map((guarantee) => [guarantee, guarantee])), async (guarantee) => {
      const stage = await onStage(guarantee, seededFaults(SEED));
      const parcelIds = Array.from({ length: PARCELS }, (_, index) => `parcel-${guarantee}-${index}`);
      const ended = await Promise.all(parcelIds.map((parcelId) => label(stage, parcelId)));
      expect(ended.map(({ live }) => live)).toEqual(ended.map(({ end }) => [end]));
      const { creates, printed, ...audit } = stage.store.audit();
      expect(audit).toMatchObject({ parcels: PARCELS, exactlyOne: PARCELS, duplicates: 0, missing: 0 });
      expect(creates).toBeGreaterThan(PARCELS);
      if (guarantee !== 'none') expect(printed).toBe(PARCELS);
    }),

  'with the right functions, a parcel': {
    async 'whose first create commits after it has a label keeps its label'() {
      await scripted.submit('late');
      const { trackingNumber } = await scripted.handleOf('late').result();
      script.commitNow('late');
      expect(await endOf(scripted, 'late')).toEqual({ end: trackingNumber, live: [trackingNumber] });
      expect(scripted.store.list('late').labels).toHaveLength(2);
    },

    ...eachOf(
      {
        'that is refused although its label was printed waits while lists are stale, and ends with that label':
          'refused-old',
        'that is refused although its label was printed waits while lists fail, and ends with that label': 'refused',
      },
      async (parcelId) => {
        await submitAndCreate(parcelId);
        await untilListedPastFence(parcelId);
        script.restoreLists(parcelId);
        const { live, end } = await endOf(scripted, parcelId);
        expect(live).toEqual([end]);
      },
    ),

    async 'that waits says what for, and can be given up'() {
      await submitAndCreate('refused-given-up');
      const handle = scripted.handleOf('refused-given-up');
      const progress = () => handle.query<Progress>(messages.progress);
      const isChecking = async () => {
        const { outcomes, phase } = await progress();
        return phase === 'validating' && outcomes.some((outcome) => outcome.startsWith('rejected: '));
      };
      await waitUntil(isChecking, { what: 'the parcel to check after its create', timeoutMs: 30_000 });
      expect(await progress()).toMatchObject({
        ...{ orderId: 'refused-given-up', guarantee: 'none', cancelRequested: false },
        detail: 'checking which labels exist',
      });
      await handle.signal(messages.giveUp, 'the carrier is gone');
      expect(await scripted.quiescence('refused-given-up')).toMatchObject({
        type: 'GivenUp',
        message: 'order refused-given-up was given up and is unresolved: the carrier is gone',
      });
    },

    async 'that is submitted again returns the same label'() {
      const { end } = await label(scripted, 'again');
      expect(await scripted.submit('again')).toBe('was completed');
      expect(await endOf(scripted, 'again')).toEqual({ end, live: [end] });
    },

    async 'that is terminated with its create in flight, and submitted again, ends with one label'() {
      await submitAndCreate('late-terminated');
      await scripted.handleOf('late-terminated').terminate('by a test');
      expect(await scripted.submit('late-terminated')).toBe('resumed');
      const { trackingNumber } = await scripted.handleOf('late-terminated').result();
      script.commitNow('late-terminated');
      expect(await endOf(scripted, 'late-terminated')).toEqual({ end: trackingNumber, live: [trackingNumber] });
    },

    async 'that is cancelled with its create in flight ends without a live label'() {
      await submitAndCreate('late-cancelled');
      await scripted.handleOf('late-cancelled').cancel();
      await untilListedPastFence('late-cancelled');
      script.commitNow('late-cancelled');
      expect(await endOf(scripted, 'late-cancelled')).toEqual({ end: 'Workflow canceled', live: [] });
      expect(scripted.store.list('late-cancelled').labels).toEqual([expect.objectContaining({ voided: true })]);
    },
  },

  'with one wrong function, a parcel': {
    async 'has two labels for good if the client retries a create'() {
      await scripted.submit('late-create-again');
      const { trackingNumber, lateWatchId } = await scripted.handleOf('late-create-again').result();
      script.commitNow('late-create-again');
      const { live } = await endOf(scripted, 'late-create-again');
      expect(live).toHaveLength(2);
      expect(live).toContain(trackingNumber);
      expect(lateWatchId).toBeUndefined();
    },

    async 'fails although its label is live if a stale list counts as fresh'() {
      const { live, end } = await label(scripted, 'refused-old-list-as-of-arrival');
      expect(live).toHaveLength(1);
      expect(end).toContain('was rejected');
    },

    async 'fails although its label is live if an error counts as an empty list'() {
      const { live, end } = await label(scripted, 'refused-list-error-is-empty');
      expect(live).toHaveLength(1);
      expect(end).toContain('was rejected');
    },
  },
});
