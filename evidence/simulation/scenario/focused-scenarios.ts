import type { FaultMix } from './fault-mix.ts';
import { NORMAL, type PlannedCreate } from './planned-requests.ts';
import { coveredMs, type Scenario } from './scenario.ts';

/**
 * Replaces the faults of some scenarios by a combination that matters, but that independent draws rarely produce.
 */
export function focusedScenario(scenario: Scenario, mix: FaultMix): Scenario {
  const { random } = mix;
  if (random.chance(0.6)) return scenario;
  return random.pick([
    cancellingVoidInFlight,
    lateCommits,
    createInFlightAtResubmission,
    oldTicketInResponse,
    rejectedCreate,
    acceptedCreate,
  ])(scenario, mix);
}

/** A cancelled order is terminated while its void is in flight, and submitted again. */
function cancellingVoidInFlight(scenario: Scenario, { random, timings }: FaultMix): Scenario {
  const arrivesAfterMs = random.between(1, 2 * timings.createDeadlineMs + timings.settleMs);
  return {
    ...scenario,
    creates: [],
    checks: [],
    cancellations: [{ after: 'create sent', nth: 1, delayMs: random.between(0, 10) }],
    voids: [{ ...NORMAL.void, arrivesAfterMs }],
    terminations: [
      {
        at: { after: 'void sent', nth: 1, delayMs: random.between(0, 300) },
        resubmitAfterMs: random.between(0, 100),
      },
    ],
  };
}

/** Creates without a response commit after the order has given them up, as late as its late watch covers. */
function lateCommits(scenario: Scenario, { random, timings, guarantee }: FaultMix): Scenario {
  const { createDeadlineMs, settleMs } = timings;
  const fenceMs = createDeadlineMs + (guarantee === 'none' ? settleMs : 0);
  const lateCreate = (): PlannedCreate => ({
    ...NORMAL.create,
    arrivesAfterMs: random.between(fenceMs, coveredMs(timings)),
    response: random.pick([
      { kind: 'worker crash' },
      { kind: 'network error', connected: true, errorCodes: ['ECONNRESET'] },
    ]),
  });
  return {
    ...scenario,
    existingTickets: [],
    creates: random.chance(0.5) ? [lateCreate(), NORMAL.create] : [lateCreate(), lateCreate(), NORMAL.create],
    terminations: [],
    cancellations: random.chance(0.2) ? scenario.cancellations : [],
  };
}

/** A run is terminated while its create is in flight, and the order is submitted again at once. */
function createInFlightAtResubmission(scenario: Scenario, { random, timings }: FaultMix): Scenario {
  const { createDeadlineMs, settleMs, clockSkewMs } = timings;
  const arrivesAfterMs = random.pick([
    createDeadlineMs + random.between(-3 * clockSkewMs, 3 * clockSkewMs),
    createDeadlineMs + settleMs + random.between(-3 * clockSkewMs, 3 * clockSkewMs),
    random.between(0, createDeadlineMs),
  ]);
  return {
    ...scenario,
    creates: [{ ...NORMAL.create, arrivesAfterMs }],
    checks: random.chance(0.7) ? [] : scenario.checks,
    terminations: [
      {
        at: { after: 'create sent', nth: 1, delayMs: random.between(0, 50) },
        resubmitAfterMs: random.between(0, 20),
      },
    ],
  };
}

/** A 201 names a voided ticket of an earlier run while the create itself is still in flight. */
function oldTicketInResponse(scenario: Scenario, { random, timings }: FaultMix): Scenario {
  const ageMs = timings.createDeadlineMs + 3 * timings.clockSkewMs + random.between(0, 2_000);
  const arrivesAfterMs = random.between(100, coveredMs(timings));
  const response = { kind: 'fabricated', status: 201, ticket: 'first of the order' } as const;
  return {
    ...scenario,
    existingTickets: [{ ageMs, voided: true }],
    creates: [{ ...NORMAL.create, arrivesAfterMs, response }],
  };
}

/** A response says that the create was rejected, which may be true or not. */
function rejectedCreate(scenario: Scenario, { random, timings }: FaultMix): Scenario {
  const { createDeadlineMs, settleMs } = timings;
  const isCommitted = random.chance(0.5);
  const rejected: PlannedCreate = {
    ...NORMAL.create,
    arrivesAfterMs: isCommitted ? random.between(0, createDeadlineMs + settleMs) : undefined,
    response: { kind: 'fabricated', status: random.pick([400, 403, 404, 422]), errorCode: 'PAYMENT_DECLINED' },
  };
  return { ...scenario, creates: random.chance(0.5) ? [rejected] : [...scenario.creates, rejected] };
}

/**
 * The service accepts a create and says that it will take longer than it usually may. The order can only know that from
 * the response, so it receives it.
 */
function acceptedCreate(scenario: Scenario, { random, timings }: FaultMix): Scenario {
  const { createDeadlineMs, acceptWithinMs = 0, settleMs } = timings;
  const finishesAfterMs = createDeadlineMs + acceptWithinMs + random.between(0, 2 * settleMs);
  const accepted = { finishesAfterMs, statesReadyAfterMs: finishesAfterMs };
  return {
    ...scenario,
    claimedAtFirst: { guarantee: scenario.guarantee, reads: 0 },
    existingTickets: [],
    creates: [{ ...NORMAL.create, accepted }, NORMAL.create],
    terminations: [],
    clockChanges: [],
    continueAsNewBeforeSteps: [],
  };
}
