import { describe, expect, it } from '@jest/globals';
import { type Conclusion, exactlyOne, type Steps } from 'exactly-one';
import { decideSubmission } from '../../src/starter/resubmission.ts';
import { INVARIANTS, type Invariant } from './checker/invariants.ts';
import { play } from './play.ts';
import { calmScenario, type PlannedCreate, type Scenario, WELL } from './scenario/scenario.ts';
import type { Parts } from './simulated/world.ts';

interface Broken {
  readonly what: string;
  readonly scenario: Scenario;
  readonly parts: Partial<Parts>;
}

const NOTHING_SEEN = { itemIds: [], voidedItemIds: [] };
const CANCELLED: Conclusion = { kind: 'cancelled' };
const has = (itemId: string): Conclusion => ({ kind: 'one item', itemId, cancellationTooLate: false });

/** An order that does something of its own instead of the protocol. */
const loop = (work: (steps: Steps) => Promise<Conclusion>): Partial<Parts> => ({
  exactlyOne: async (_orderId, steps, _intervals, state) => ({ conclusion: await work(steps), state }),
});
const send = (steps: Steps, key = 'order-1/0') =>
  steps.create({ deadlineMs: steps.nowMs() + 1_000, key, guarantee: 'idempotency-key' });
const lost: PlannedCreate = { ...WELL.create, reply: { kind: 'worker dies' } };
const before = [
  { agoMs: 5_000, voided: false },
  { agoMs: 4_000, voided: false },
];

/** For each invariant a system that breaks it, and in which the checker must say so. */
const BROKEN: Readonly<Record<Invariant, Broken>> = {
  I1: {
    what: 'a late watch that does nothing',
    scenario: { ...calmScenario('none'), creates: [{ ...lost, arrivesAfterMs: 4_500 }] },
    parts: { lateWatch: async () => ({ kind: 'watched', voidedItemIds: [] }) },
  },
  I2: {
    what: 'an order that answers a ticket that was never made',
    scenario: calmScenario('deadline'),
    parts: loop(async () => has('never-made')),
  },
  I3: {
    what: 'a worker that gives every create one Request-Id',
    scenario: { ...calmScenario('idempotency-key'), creates: [{ ...lost, arrivesAfterMs: undefined }] },
    parts: { requestId: () => 'always the same' },
  },
  I4: {
    what: 'an order that creates although it has seen its ticket',
    scenario: calmScenario('none'),
    parts: loop(async (steps) => {
      for (;;) {
        await steps.validate(NOTHING_SEEN);
        await send(steps);
      }
    }),
  },
  I7: {
    what: 'an order that waits for ever',
    scenario: calmScenario('deadline'),
    parts: loop(() => new Promise(() => undefined)),
  },
  'two live': {
    what: 'a transport that replays a POST',
    scenario: { ...calmScenario('deadline'), creates: [{ ...WELL.create, arrivesAgainAfterMs: 3 }] },
    parts: {},
  },
  'proven closing': {
    what: 'an order that closes while its create is on the way',
    scenario: { ...calmScenario('deadline'), creates: [lost] },
    parts: loop(async (steps) => {
      await steps.validate(NOTHING_SEEN);
      await send(steps);
      return CANCELLED;
    }),
  },
  promise: {
    what: 'a service that obeys every void of a ticket that it has',
    scenario: { ...calmScenario('deadline'), wrongVoids: [{ after: 'end', nth: 1, plusMs: 5 }] },
    parts: {
      decideVoid: ({ tickets, ticketId }) =>
        tickets.some((each) => each.ticketId === ticketId)
          ? { kind: 'void' }
          : { kind: 'refuse', code: 'TICKET_UNKNOWN' },
    },
  },
  keeper: {
    what: 'an order that keeps the last one',
    scenario: { ...calmScenario('deadline'), before },
    parts: loop(async (steps) => {
      const { items } = await steps.validate(NOTHING_SEEN);
      await steps.voidItem(String(items[0]?.itemId), String(items[1]?.itemId));
      return has(String(items[1]?.itemId));
    }),
  },
  cancellation: {
    what: 'an order that nobody cancels and that takes its ticket away',
    scenario: { ...calmScenario('deadline'), before },
    parts: loop(async (steps) => {
      const { items } = await steps.validate(NOTHING_SEEN);
      await steps.voidItem(String(items[0]?.itemId), null);
      return CANCELLED;
    }),
  },
  fence: {
    what: 'an order that creates before it checks',
    scenario: calmScenario('deadline'),
    parts: loop(async (steps) => {
      await send(steps);
      return CANCELLED;
    }),
  },
  settling: {
    what: 'an order that waits for the fence although it has a key',
    scenario: { ...calmScenario('idempotency-key'), creates: [{ ...WELL.create, arrivesAfterMs: undefined }] },
    parts: {
      exactlyOne: async (_orderId, steps, _intervals, state) => {
        await steps.validate(NOTHING_SEEN);
        await send(steps);
        steps.onStep(state, { kind: 'wait', ms: 1_000, why: 'settling' });
        return { conclusion: CANCELLED, state };
      },
    },
  },
  answer: {
    what: 'a worker that takes an error for an empty list',
    scenario: { ...calmScenario('deadline'), checks: [{ ...WELL.look, trouble: 'error' }] },
    parts: { readCompleteResponse: (_received, { receivedAtMs }) => ({ list: { items: [], asOfMs: receivedAtMs } }) },
  },
  outcome: {
    what: 'an order that says it was rejected, and was not',
    scenario: calmScenario('deadline'),
    parts: loop(async (steps) => {
      await steps.validate(NOTHING_SEEN);
      return { kind: 'rejected', code: 'PAYMENT_DECLINED', reason: 'none' };
    }),
  },
  pause: {
    what: 'an order that does not pause when it is asked to',
    scenario: {
      ...calmScenario('idempotency-key'),
      creates: [{ ...WELL.create, arrivesAfterMs: undefined, retryAfterMs: 5_000 }],
    },
    parts: loop(async (steps) => {
      await steps.validate(NOTHING_SEEN);
      await send(steps);
      await send(steps);
      return CANCELLED;
    }),
  },
  key: {
    what: 'an order with a key for each attempt',
    scenario: {
      ...calmScenario('idempotency-key'),
      creates: [
        {
          ...WELL.create,
          arrivesAfterMs: undefined,
          reply: { kind: 'silence', connected: false, errorCodes: ['ECONNREFUSED'] },
        },
      ],
    },
    parts: loop(async (steps) => {
      await steps.validate(NOTHING_SEEN);
      await send(steps, 'order-1/0');
      await send(steps, 'order-1/1');
      return CANCELLED;
    }),
  },
  service: {
    what: 'a service that commits after the deadline',
    scenario: { ...calmScenario('deadline'), creates: [{ ...lost, arrivesAfterMs: 1_100 }] },
    parts: { decideCommit: () => ({ kind: 'commit' }) },
  },
  watch: {
    what: 'a late watch that finds voids without effect',
    scenario: { ...calmScenario('none'), creates: [{ ...lost, arrivesAfterMs: 4_500 }] },
    parts: {
      lateWatch: async (_state, { sleep }) => {
        await sleep(50);
        return { kind: 'void without effect', voidedItemIds: [] };
      },
    },
  },
  result: {
    what: 'an order that tells of creates which it has not asked for',
    scenario: calmScenario('deadline'),
    parts: {
      exactlyOne: async (...order) => {
        const { conclusion, state } = await exactlyOne(...order);
        return { conclusion, state: { ...state, createAttempts: 7 } };
      },
    },
  },
  submission: {
    what: 'a starter that waits for an order that was terminated',
    scenario: {
      ...calmScenario('deadline'),
      terminations: [{ at: { after: 'look', nth: 1, plusMs: 0 }, resubmitAfterMs: 5 }],
    },
    parts: {
      decideSubmission: (workflowId, status) =>
        status === 'none' ? decideSubmission(workflowId, status) : { kind: 'attach' },
    },
  },
  send: {
    what: 'a worker that checks at no clock',
    scenario: { ...calmScenario('deadline'), creates: [{ ...WELL.create, sentAfterMs: 1_500 }] },
    parts: { sendTimeLeftMs: () => 1_000 },
  },
};

describe.each(Object.entries(BROKEN))('the checker reports "%s"', (invariant, { what, scenario, parts }) => {
  it(`in ${what}`, async () => {
    const { violation, lines } = await play(scenario, { parts, tells: true });
    expect({ lines, ...violation }).toMatchObject({ invariant });
    expect(violation?.what).toContain(INVARIANTS[invariant as Invariant]);
  });
});
