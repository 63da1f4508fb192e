import { afterAll, beforeAll, expect } from '@jest/globals';
import type { temporal } from '@temporalio/proto';
import { workflowTypes } from '../../src/contracts/workflow-names.ts';
import { type ConcurrentTests, eachOf, testConcurrently } from '../../testbed/concurrent-tests.ts';
import { POISON_PAYLOADS } from '../../testbed/poison-payloads.ts';
import { createRawRequests, encoded, type Payload, type RawRequests } from '../../testbed/raw-requests.ts';
import { holds, neverResponds } from './behaviours.ts';
import { expectExactlyOne } from './order-assertions.ts';
import { createScriptedEnvironment, type ScriptedEnvironment, TIMINGS } from './order-environment.ts';

const POISON: readonly Payload[] = Object.values(POISON_PAYLOADS);
const BROKEN = POISON_PAYLOADS['broken JSON'];

let environment: ScriptedEnvironment;
let raw: RawRequests;
beforeAll(async () => {
  environment = await createScriptedEnvironment('deadline');
  raw = createRawRequests(environment.client);
});
afterAll(() => environment.close());

/** An order that hangs in its first check. */
async function waitingOrder(name: string): Promise<string> {
  const { tickets, submit, untilOrder } = environment;
  const orderId = environment.orderId(name);
  tickets.break('list', orderId, neverResponds);
  await submit(orderId);
  await untilOrder(orderId, 'its check', () => tickets.calls('list', orderId).length > 0);
  return orderId;
}

/** Starts a workflow with these arguments and returns how it failed. */
async function failureOf(workflowType: string, workflowId: string, ...args: readonly Payload[]) {
  await raw.start(environment.taskQueue, workflowType, workflowId, args);
  const ending = await environment.ending(workflowId);
  if (ending.kind !== 'failed') throw new Error(`${workflowId} was not refused: ${ending.kind}`);
  return ending;
}

const LATE_WATCH_INPUT = {
  orderId: 'order-1',
  timings: TIMINGS,
  activities: { list: 'validateTicket', void: 'voidTicket' },
  input: { reservationId: 'R-1' },
  item: 'ticket',
  credentials: { obtain: 'getToken' },
};
const WATCH = { promisedItemId: 'T-1', lateWatchMs: [10], seen: { itemIds: [], voidedItemIds: [] }, voidedItemIds: [] };
const NEGATIVE = { ...LATE_WATCH_INPUT, timings: { ...TIMINGS, settleMs: -1 } };

/** Wrong arguments of each workflow, beside poison: the failure's type, and what it says. */
const wrongStarts: Readonly<Record<string, readonly [type: string, args: readonly unknown[], says: string]>> = {
  'an order without input': ['processOrder', [], 'undefined is not a valid order id'],
  'an order with a list as its input': ['processOrder', [['order-1']], 'is not a valid order id'],
  'an order whose field resumed is a text': ['processOrder', [{ resumed: 'no' }], 'resumed is true, false or missing'],
  'an order with a misspelt field': ['processOrder', [{ resume: true }], 'allowed are the fields orderId, resumed'],
  'an order with a state that no earlier run handed on': ['processOrder', [{}, { state: {} }], 'the only argument'],
  'an order with a third argument': ['processOrder', [{}, null, 1], 'the only argument'],
  'a transfer without input': ['transferMoney', [], 'undefined is not a valid account'],
  'a transfer with a misspelt field': ['transferMoney', [{ resume: true }], 'allowed are the fields from, to, amount'],
  'a transfer with a number that no earlier run handed on': [
    'transferMoney',
    [{}, { refundNumber: 'many' }],
    'the only argument',
  ],
  'a late watch without arguments': ['lateWatch', [], 'are not valid arguments of a late watch'],
  'a late watch that does not know what to watch': ['lateWatch', [LATE_WATCH_INPUT], 'lateWatchMs, seen'],
  'a late watch that waits for ever': [
    'lateWatch',
    [LATE_WATCH_INPUT, { ...WATCH, lateWatchMs: [1e300] }],
    'are not valid',
  ],
  'a late watch with impossible timings': ['lateWatch', [NEGATIVE, WATCH], 'are not valid arguments'],
  'a late watch of two orders': ['lateWatch', [LATE_WATCH_INPUT, WATCH, WATCH], 'are not valid arguments'],
};

const VALID_INPUT: Readonly<Record<string, (workflowId: string) => object>> = {
  processOrder: (orderId) => ({ orderId }),
  transferMoney: () => ({ from: 'account_A', to: 'account_B', amount: 1 }),
  lateWatch: () => LATE_WATCH_INPUT,
};
const INVALID: Readonly<Record<string, string>> = {
  processOrder: 'OrderInvalid',
  transferMoney: 'TransferInvalid',
  lateWatch: 'LateWatchInvalid',
};

function workflowIdFor(workflowType: string, name: string): string {
  return workflowType === workflowTypes.transferMoney
    ? `transfer-${environment.orderId(name)}`
    : environment.orderId(name);
}

const isRefused: ConcurrentTests = Object.fromEntries(
  Object.values(workflowTypes).map((workflowType) => [
    `${workflowType} fails with the reason, whatever cannot be decoded, has the wrong form or is too large`,
    async () => {
      const id = workflowIdFor(workflowType, workflowType);
      const inSecondPlace = [BROKEN, POISON_PAYLOADS.null, POISON_PAYLOADS['a list of 1.5 MB']];
      const refusals = [
        ...POISON.map((poison, index) => failureOf(workflowType, `${id}-${index}`, poison)),
        ...inSecondPlace.map((poison, index) => {
          const workflowId = `${id}-second-${index}`;
          return failureOf(workflowType, workflowId, encoded(VALID_INPUT[workflowType]?.(workflowId)), poison);
        }),
      ];
      for (const { type, message } of await Promise.all(refusals)) {
        expect(type).toBe(INVALID[workflowType]);
        expect(message).toMatch(/is not a valid|are not valid|the only argument/);
        expect(message.length).toBeLessThan(500);
      }
    },
  ]),
);

type StartRequest = temporal.api.workflowservice.v1.IStartWorkflowExecutionRequest;

const harmlessStarts: Readonly<Record<string, StartRequest>> = {
  'a memo that cannot be decoded': { memo: { fields: { poison: BROKEN } } },
  'a header that cannot be decoded': { header: { fields: { poison: BROKEN } } },
  'a summary that cannot be decoded': { userMetadata: { summary: BROKEN, details: BROKEN } },
  'the result of an earlier run that cannot be decoded': { lastCompletionResult: { payloads: [BROKEN] } },
  'a failure of an earlier run whose message cannot be decoded': { continuedFailure: { encodedAttributes: BROKEN } },
  'a failure of an earlier run that lacks its parts': {
    continuedFailure: { message: 'outer', cause: { activityFailureInfo: {} } },
  },
};

/** The activity that an order waits for. */
async function pendingActivity(orderId: string, type: string): Promise<string> {
  const { client, untilOrder } = environment;
  return untilOrder(orderId, `its activity ${type}`, async () => {
    const { pendingActivities } = (await client.workflow.getHandle(orderId).describe()).raw;
    return pendingActivities?.find(({ activityType }) => activityType?.name === type)?.activityId ?? false;
  });
}

testConcurrently({
  'an order whose activities are completed by somebody else': {
    async 'asks again, and believes no result that cannot be decoded or has the wrong form'() {
      const { tickets, submit, ending } = environment;
      const orderId = environment.orderId('results');
      const results = [BROKEN, POISON_PAYLOADS.null, encoded({ items: [{ itemId: 'T-1' }], asOfMs: 1e300 })];
      tickets.script('list', orderId, ...results.map(() => neverResponds));
      await submit(orderId);
      for (const [index, result] of results.entries()) {
        await environment.untilOrder(orderId, 'its check', () => tickets.calls('list', orderId).length > index);
        await raw.completeActivity(orderId, await pendingActivity(orderId, 'validateTicket'), result);
      }
      expectExactlyOne(tickets, orderId, await ending(orderId));
    },

    async 'asks again when they fail for good'() {
      const { tickets, submit, ending } = environment;
      const orderId = environment.orderId('failures');
      tickets.script('list', orderId, neverResponds, neverResponds);
      await submit(orderId);
      for (const [index, type] of ['TokenExpired', 'Anything'].entries()) {
        await environment.untilOrder(orderId, 'its check', () => tickets.calls('list', orderId).length > index);
        const details = index === 0 ? encoded({ refusedIssuedAtMs: 1e300 }) : BROKEN;
        await raw.failActivity(orderId, await pendingActivity(orderId, 'validateTicket'), type, details);
      }
      expectExactlyOne(tickets, orderId, await ending(orderId));
    },

    async 'takes the outcome of a create for unknown when its result is not valid'() {
      const { tickets, submit, ending, progress } = environment;
      const orderId = environment.orderId('create-result');
      const held = holds(tickets.respondCorrectly);
      tickets.script('create', orderId, held.behaviour);
      await submit(orderId);
      await held.reached;
      await raw.completeActivity(orderId, await pendingActivity(orderId, 'createTicket'), POISON_PAYLOADS.null);
      held.release();
      expectExactlyOne(tickets, orderId, await ending(orderId));
      expect((await progress(orderId)).outcomes[0]).toContain('unknown: the result of the create is not valid: null');
      expect(tickets.calls('create', orderId)).toHaveLength(1);
    },
  },

  'an order that waits': {
    async 'ignores signals that cannot be decoded, have the wrong form or are too large, and can still be given up'() {
      const orderId = await waitingOrder('signals');
      for (const poison of POISON) {
        await raw.signal(orderId, 'giveUp', poison);
        await raw.signal(orderId, 'unknown', poison);
      }
      await raw.signal(orderId, 'giveUp');
      await raw.signal(orderId, 'giveUp', encoded('  '));
      for (const name of ['__temporal_unknown', '__stack_trace', ' ']) await raw.signal(orderId, name, BROKEN);
      await environment.giveUp(orderId, 'gone for good');
      expect(await environment.ending(orderId)).toMatchObject({
        type: 'GivenUp',
        details: { unresolved: true, reason: 'gone for good' },
      });
    },

    async 'keeps the beginning of a reason of 1.5 MB, without a card number'() {
      const orderId = await waitingOrder('large-reason');
      await environment.giveUp(orderId, `gone, VISA-1234-5678-9012-2526 ${'x'.repeat(1_500_000)}`);
      const ending = await environment.ending(orderId);
      expect(ending).toMatchObject({
        type: 'GivenUp',
        details: { reason: expect.stringMatching(/^gone, VISA-\*{4}-\*{4}-\*{4}-2526 x+…$/) },
      });
      expect(JSON.stringify(ending).length).toBeLessThan(3_000);
    },

    async 'answers queries and refuses updates, whatever their arguments, and can still be resolved'() {
      const orderId = await waitingOrder('queries');
      for (const poison of POISON) {
        await raw.query(orderId, 'orderProgress', poison);
        const { outcome } = await raw.update(orderId, 'unknown', poison);
        expect(outcome?.failure?.message).toContain('No registered handler');
        const resolution = (await raw.update(orderId, 'resolve', poison)).outcome;
        expect(resolution?.failure?.message).toContain('is no resolution; allowed: { itemId, reason, by }');
        expect(resolution?.failure?.message?.length).toBeLessThan(500);
      }
      await expect(raw.query(orderId, 'unknown', BROKEN)).rejects.toThrow('did not register a handler');
      const { outcome } = await raw.update(orderId, 'resolve', encoded({ none: true, reason: 'seen', by: 'Ada' }));
      expect(outcome?.failure).toBeFalsy();
      expect(await environment.ending(orderId)).toMatchObject({
        type: 'ResolvedWithoutTicket',
        details: { reason: 'seen', by: 'Ada' },
      });
    },
  },

  'a workflow that is started': isRefused,

  'what is refused with its reason:': eachOf(wrongStarts, async ([workflowType, [input, ...more], says], index) => {
    const workflowId = workflowIdFor(workflowType, `wrong-${index}`);
    const isOfUse = input !== undefined && !Array.isArray(input) && workflowType !== workflowTypes.lateWatch;
    const args = [isOfUse ? { ...VALID_INPUT[workflowType]?.(workflowId), ...Object(input) } : input, ...more];
    const failure = await failureOf(workflowType, workflowId, ...(input === undefined ? [] : args.map(encoded)));
    expect(failure).toMatchObject({ type: INVALID[workflowType], message: expect.stringContaining(says) });
  }),

  'an order completes when it is started with': eachOf(harmlessStarts, async (more, index) => {
    const orderId = environment.orderId(`start-${index}`);
    await raw.start(environment.taskQueue, 'processOrder', orderId, [encoded({ orderId })], more);
    expectExactlyOne(environment.tickets, orderId, await environment.ending(orderId));
  }),
});
