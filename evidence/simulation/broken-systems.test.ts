import { describe, expect, it } from '@jest/globals';
import { type Conclusion, decideSubmission, exactlyOne, type Steps } from 'exactly-one';
import { INVARIANTS, type Invariant } from './checker/invariants.ts';
import { play } from './play.ts';
import { NORMAL, type PlannedCreate } from './scenario/planned-requests.ts';
import { calmScenario, type Scenario } from './scenario/scenario.ts';
import type { Protocol } from './simulated/world.ts';

interface BrokenSystem {
  readonly what: string;
  readonly scenario: Scenario;
  readonly protocol: Partial<Protocol>;
}

const NOTHING_SEEN = { itemIds: [], voidedItemIds: [] };
const CANCELLED: Conclusion = { kind: 'cancelled' };
const oneItem = (itemId: string): Conclusion => ({ kind: 'one item', itemId, cancellationTooLate: false });

/** An order that does this instead of following the protocol. */
const orderThat = (work: (steps: Steps) => Promise<Conclusion>): Partial<Protocol> => ({
  exactlyOne: async (_orderId, steps, _timings, state) => ({ conclusion: await work(steps), state }),
});
const create = (steps: Steps, key = 'order-1/0') =>
  steps.create({
    attempt: 1,
    deadlineMs: steps.nowMs() + 1_000,
    createDeadlineMs: 1_000,
    idempotencyKey: key,
    guarantee: 'idempotency-key',
  });
const unreported: PlannedCreate = { ...NORMAL.create, response: { kind: 'worker crash' } };
const lost: PlannedCreate = { ...NORMAL.create, arrivesAfterMs: undefined };
const existingTickets = [
  { ageMs: 5_000, voided: false },
  { ageMs: 4_000, voided: false },
];

/** For each invariant, a system that violates it. */
const BROKEN_SYSTEMS: Readonly<Record<Invariant, BrokenSystem>> = {
  I1: {
    what: 'a late watch that does nothing',
    scenario: { ...calmScenario('none'), creates: [{ ...unreported, arrivesAfterMs: 4_500 }] },
    protocol: { lateWatch: async () => ({ kind: 'watched', voidedItemIds: [] }) },
  },
  I2: {
    what: 'an order that returns a ticket that does not exist',
    scenario: calmScenario('deadline'),
    protocol: orderThat(async () => oneItem('never-created')),
  },
  I3: {
    what: 'a worker that uses the same Request-Id for every create',
    scenario: { ...calmScenario('idempotency-key'), creates: [{ ...unreported, arrivesAfterMs: undefined }] },
    protocol: { requestId: () => 'always the same' },
  },
  I4: {
    what: 'an order that creates although it has seen its ticket',
    scenario: calmScenario('none'),
    protocol: orderThat(async (steps) => {
      for (;;) {
        await steps.validate(NOTHING_SEEN);
        await create(steps);
      }
    }),
  },
  I7: {
    what: 'an order that waits forever',
    scenario: calmScenario('deadline'),
    protocol: orderThat(() => new Promise(() => undefined)),
  },
  'two live': {
    what: 'a transport that replays a POST',
    scenario: { ...calmScenario('deadline'), creates: [{ ...NORMAL.create, arrivesAgainAfterMs: 3 }] },
    protocol: {},
  },
  'proven closing': {
    what: 'an order that closes while its create is in flight',
    scenario: { ...calmScenario('deadline'), creates: [unreported] },
    protocol: orderThat(async (steps) => {
      await steps.validate(NOTHING_SEEN);
      await create(steps);
      return CANCELLED;
    }),
  },
  promise: {
    what: 'a service that accepts every void of a ticket it has',
    scenario: { ...calmScenario('deadline'), invalidVoids: [{ after: 'run ended', nth: 1, delayMs: 5 }] },
    protocol: {
      decideVoid: ({ tickets, ticketId }) =>
        tickets.some((each) => each.ticketId === ticketId)
          ? { kind: 'void' }
          : { kind: 'refuse', code: 'TICKET_UNKNOWN' },
    },
  },
  keeper: {
    what: 'an order that keeps the last ticket',
    scenario: { ...calmScenario('deadline'), existingTickets },
    protocol: orderThat(async (steps) => {
      const { items } = await steps.validate(NOTHING_SEEN);
      await steps.voidItem(String(items[0]?.itemId), String(items[1]?.itemId));
      return oneItem(String(items[1]?.itemId));
    }),
  },
  cancellation: {
    what: 'an order that voids its ticket although nobody cancelled it',
    scenario: { ...calmScenario('deadline'), existingTickets },
    protocol: orderThat(async (steps) => {
      const { items } = await steps.validate(NOTHING_SEEN);
      await steps.voidItem(String(items[0]?.itemId), null);
      return CANCELLED;
    }),
  },
  fence: {
    what: 'an order that creates before its first check',
    scenario: calmScenario('deadline'),
    protocol: orderThat(async (steps) => {
      await create(steps);
      return CANCELLED;
    }),
  },
  settling: {
    what: 'an order that waits for the fence although it has a key',
    scenario: { ...calmScenario('idempotency-key'), creates: [lost] },
    protocol: {
      exactlyOne: async (_orderId, steps, _timings, state) => {
        await steps.validate(NOTHING_SEEN);
        await create(steps);
        steps.onStep(state, { kind: 'wait', ms: 1_000, why: 'settling' });
        return { conclusion: CANCELLED, state };
      },
    },
  },
  response: {
    what: 'a worker that takes an error for an empty list',
    scenario: { ...calmScenario('deadline'), checks: [{ ...NORMAL.check, fault: 'error' }] },
    protocol: {
      readCompleteResponse: (_received, { receivedAtMs }) => ({ list: { items: [], asOfMs: receivedAtMs } }),
    },
  },
  outcome: {
    what: 'an order that fails as rejected although it was not',
    scenario: calmScenario('deadline'),
    protocol: orderThat(async (steps) => {
      await steps.validate(NOTHING_SEEN);
      return { kind: 'rejected', code: 'PAYMENT_DECLINED', reason: 'none' };
    }),
  },
  pause: {
    what: 'an order that ignores the pause that the service asked for',
    scenario: {
      ...calmScenario('idempotency-key'),
      creates: [{ ...lost, retryAfterMs: 5_000 }],
    },
    protocol: orderThat(async (steps) => {
      await steps.validate(NOTHING_SEEN);
      await create(steps);
      await create(steps);
      return CANCELLED;
    }),
  },
  key: {
    what: 'an order that changes its key with each attempt',
    scenario: {
      ...calmScenario('idempotency-key'),
      creates: [
        {
          ...lost,
          response: { kind: 'network error', connected: false, errorCodes: ['ECONNREFUSED'] },
        },
      ],
    },
    protocol: orderThat(async (steps) => {
      await steps.validate(NOTHING_SEEN);
      await create(steps, 'order-1/0');
      await create(steps, 'order-1/1');
      return CANCELLED;
    }),
  },
  service: {
    what: 'a service that commits after the deadline',
    scenario: { ...calmScenario('deadline'), creates: [{ ...unreported, arrivesAfterMs: 1_100 }] },
    protocol: { decideCommit: () => ({ kind: 'commit' }) },
  },
  watch: {
    what: 'a late watch that reports a void without effect',
    scenario: { ...calmScenario('none'), creates: [{ ...unreported, arrivesAfterMs: 4_500 }] },
    protocol: {
      lateWatch: async (_state, { sleep }) => {
        await sleep(50);
        return { kind: 'void without effect', voidedItemIds: [] };
      },
    },
  },
  result: {
    what: 'an order that reports creates which it did not request',
    scenario: calmScenario('deadline'),
    protocol: {
      exactlyOne: async (...order) => {
        const { conclusion, state } = await exactlyOne(...order);
        return { conclusion, state: { ...state, createAttempts: 7 } };
      },
    },
  },
  resolution: {
    what: 'a person who is believed before the fence',
    scenario: {
      ...calmScenario('deadline'),
      creates: [unreported],
      checks: [NORMAL.check, ...Array.from({ length: 9 }, () => ({ ...NORMAL.check, fault: 'error' as const }))],
      resolutions: [
        { at: { after: 'create sent', nth: 1, delayMs: 100 }, claim: 'none', tries: 1, tryAgainAfterMs: 5 },
      ],
    },
    protocol: { resolutionProblem: () => undefined },
  },
  submission: {
    what: 'a starter that attaches to a terminated order',
    scenario: {
      ...calmScenario('deadline'),
      terminations: [{ at: { after: 'checked', nth: 1, delayMs: 0 }, resubmitAfterMs: 5 }],
    },
    protocol: {
      decideSubmission: (workflowId, status) =>
        status === 'none' ? decideSubmission(workflowId, status) : { kind: 'attach' },
    },
  },
  deadline: {
    what: 'a worker that ignores the deadline',
    scenario: { ...calmScenario('deadline'), creates: [{ ...NORMAL.create, sentAfterMs: 1_500 }] },
    protocol: { timeLeftToSendMs: () => 1_000 },
  },
};

const sentences = new Map<string, string>(Object.entries(INVARIANTS));

describe.each(Object.entries(BROKEN_SYSTEMS))('the checker reports "%s"', (invariant, { what, scenario, protocol }) => {
  it(`in ${what}`, async () => {
    const { violation, trace } = await play(scenario, { protocol, trace: true });
    expect({ trace, ...violation }).toMatchObject({ invariant });
    expect(violation?.what).toContain(sentences.get(invariant));
  });
});
