import type { Troubles } from './fault-mix.ts';
import { coveredMs, type PlannedCreate, type Scenario, WELL } from './scenario.ts';

/** Puts the trouble of a share of the scenarios where several things must meet, which chance alone seldom brings together. */
export function focusedScenario(scenario: Scenario, troubles: Troubles): Scenario {
  const { random } = troubles;
  if (random.chance(0.6)) return scenario;
  return random.pick([
    cancellingVoidInFlight,
    lateTickets,
    createInFlightAtResubmission,
    misledByOldTicket,
    rejectedCreate,
  ])(scenario, troubles);
}

/** A cancelled order is terminated while its void is on the way, and submitted again. */
function cancellingVoidInFlight(scenario: Scenario, { random, timings }: Troubles): Scenario {
  const arrivesAfterMs = random.between(1, 2 * timings.createDeadlineMs + timings.settleMs);
  return {
    ...scenario,
    creates: [],
    checks: [],
    cancellations: [{ after: 'create', nth: 1, plusMs: random.between(0, 10) }],
    voids: [{ ...WELL.void, arrivesAfterMs }],
    terminations: [
      { at: { after: 'void', nth: 1, plusMs: random.between(0, 300) }, resubmitAfterMs: random.between(0, 100) },
    ],
  };
}

/** Creates that nobody hears of commit when the order has given them up, up to the end of what its watch covers. */
function lateTickets(scenario: Scenario, { random, timings, guarantee }: Troubles): Scenario {
  const { createDeadlineMs, settleMs } = timings;
  const fenceMs = createDeadlineMs + (guarantee === 'none' ? settleMs : 0);
  const lost = (): PlannedCreate => ({
    ...WELL.create,
    arrivesAfterMs: random.between(fenceMs, coveredMs(timings)),
    reply: random.pick([{ kind: 'worker dies' }, { kind: 'silence', connected: true, errorCodes: ['ECONNRESET'] }]),
  });
  return {
    ...scenario,
    before: [],
    creates: random.chance(0.5) ? [lost(), WELL.create] : [lost(), lost(), WELL.create],
    terminations: [],
    cancellations: random.chance(0.2) ? scenario.cancellations : [],
  };
}

/** A run is terminated while its create is on the way, and submitted again at once. */
function createInFlightAtResubmission(scenario: Scenario, { random, timings }: Troubles): Scenario {
  const { createDeadlineMs, settleMs, clockSkewMs } = timings;
  const arrivesAfterMs = random.pick([
    createDeadlineMs + random.between(-3 * clockSkewMs, 3 * clockSkewMs),
    createDeadlineMs + settleMs + random.between(-3 * clockSkewMs, 3 * clockSkewMs),
    random.between(0, createDeadlineMs),
  ]);
  return {
    ...scenario,
    creates: [{ ...WELL.create, arrivesAfterMs }],
    checks: random.chance(0.7) ? [] : scenario.checks,
    terminations: [
      { at: { after: 'create', nth: 1, plusMs: random.between(0, 50) }, resubmitAfterMs: random.between(0, 20) },
    ],
  };
}

/** A 201 names a ticket from before, which is voided, while the create itself is still on the way. */
function misledByOldTicket(scenario: Scenario, { random, timings }: Troubles): Scenario {
  const agoMs = timings.createDeadlineMs + 3 * timings.clockSkewMs + random.between(0, 2_000);
  return {
    ...scenario,
    before: [{ agoMs, voided: true }],
    creates: [
      {
        ...WELL.create,
        arrivesAfterMs: random.between(100, coveredMs(timings)),
        reply: { kind: 'response', status: 201, ticket: 'there before' },
      },
    ],
  };
}

/** A create is rejected, truly or not. */
function rejectedCreate(scenario: Scenario, { random, timings }: Troubles): Scenario {
  const { createDeadlineMs, settleMs } = timings;
  const isLie = random.chance(0.5);
  const rejected: PlannedCreate = {
    ...WELL.create,
    arrivesAfterMs: isLie ? random.between(0, createDeadlineMs + settleMs) : undefined,
    reply: { kind: 'response', status: random.pick([400, 403, 404, 422]), errorCode: 'PAYMENT_DECLINED' },
  };
  return { ...scenario, creates: random.chance(0.5) ? [rejected] : [...scenario.creates, rejected] };
}
