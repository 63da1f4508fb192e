import { GUARANTEES, type Guarantee } from 'exactly-one';
import { createSeededRandom, type SeededRandom } from '../../../testbed/seeded-random.ts';
import { drawFaultMix, type FaultMix } from './fault-mix.ts';
import { focusedScenario } from './focused-scenarios.ts';
import { generateTerminationsAndClocks, generateTrigger } from './generate-events.ts';
import { generateCheck, generateCreate, generateVoid } from './generate-requests.ts';
import { NORMAL } from './planned-requests.ts';
import { calmScenario, coveredMs, type PlannedResolution, type Scenario } from './scenario.ts';

/** Consecutive seeds take turns through the guarantees. */
export function guaranteeOf(seed: number): Guarantee {
  return GUARANTEES[seed % GUARANTEES.length] ?? 'none';
}

/** Returns the same scenario every time for the same seed. */
export function generateScenario(seed: number): Scenario {
  return drawScenario(createSeededRandom(seed), guaranteeOf(seed));
}

/** Draws a scenario that keeps every assumption of the guarantee and ends without faults, so that its order can end. */
export function drawScenario(random: SeededRandom, guarantee: Guarantee): Scenario {
  const mix = drawFaultMix(random, guarantee);
  const sometimes = <Value>(chance: number, make: () => readonly Value[]) => (random.chance(chance) ? make() : []);
  const several = <Value>(least: number, most: number, make: (mix: FaultMix) => Value) =>
    Array.from({ length: random.between(least, most) }, () => make(mix));

  const scenario: Scenario = {
    ...calmScenario(guarantee),
    timings: mix.timings,
    claimedAtFirst: drawClaim(mix),
    existingTickets: sometimes(0.2, () => withOneAge(several(1, 3, drawExistingTicket), random)),
    creates: sometimes(0.85, () => several(1, 4, generateCreate)),
    checks: sometimes(0.5, () => several(1, 12, generateCheck)),
    voids: sometimes(0.6, () => several(1, 4, generateVoid)),
    watchStartsAfterMs: sometimes(0.4, () => [random.between(0, 500), random.between(0, 500)]),
    cancellations: sometimes(0.35, () => several(1, 2, generateTrigger)),
    resubmissions: sometimes(0.25, () => several(1, 2, generateTrigger)),
    ...generateTerminationsAndClocks(mix),
    invalidVoids: sometimes(0.1, () => [generateTrigger(mix)]),
    continueAsNewBeforeSteps: sometimes(0.25, () => several(1, 4, () => random.between(1, 20))),
    jitterSeed: random.between(1, 1_000),
    ...(random.chance(0.2) ? { hintsAfterMs: random.between(250, 500) } : {}),
  };
  const focused = focusedScenario(scenario, mix);
  return withResolutions(guarantee === 'none' ? withFaultsOfGuaranteeNone(focused, mix) : focused);
}

/** At first the service may claim a stronger guarantee than it has. */
function drawClaim({ random, guarantee }: FaultMix): Scenario['claimedAtFirst'] {
  const [first, ...others] = GUARANTEES.slice(GUARANTEES.indexOf(guarantee) + 1);
  if (first === undefined || random.chance(0.7)) return { guarantee, reads: 0 };
  return { guarantee: random.pick([first, ...others]), reads: 1 };
}

/**
 * Sometimes a person resolves the order, often because its checks fail for long. It is drawn apart from all else, so that
 * the other scenarios stay the same.
 */
function withResolutions(scenario: Scenario): Scenario {
  const random = createSeededRandom(scenario.jitterSeed);
  if (!random.chance(0.2)) return scenario;
  const { createDeadlineMs, settleMs } = scenario.timings;
  const resolution = (): PlannedResolution => ({
    at: {
      after: random.pick(['run started', 'create sent', 'committed', 'checked', 'void sent']),
      nth: random.between(1, 2),
      delayMs: random.chance(0.5) ? random.between(0, 60) : random.between(0, createDeadlineMs + settleMs),
    },
    claim: random.pick(['live ticket', 'live ticket', 'voided ticket', 'unknown ticket', 'none', 'none']),
    tries: random.between(1, 40),
    tryAgainAfterMs: random.between(1, 200),
    ...(random.chance(0.7) ? { resubmitAfterMs: random.between(0, 1_500) } : {}),
  });
  const failing = random.chance(0.6) ? random.between(5, 25) : 0;
  return {
    ...scenario,
    resolutions: Array.from({ length: random.between(1, 2) }, resolution),
    checks: [
      ...scenario.checks,
      ...Array.from({ length: failing }, () => ({ ...NORMAL.check, fault: 'error' as const })),
    ],
  };
}

/** So old that no create of its run can be in flight, and that no stale response which still counts can lack it. */
function drawExistingTicket({ random, timings }: FaultMix): Scenario['existingTickets'][number] {
  const leastMs = timings.createDeadlineMs + 3 * timings.clockSkewMs;
  return { ageMs: leastMs + random.between(0, 2_000), voided: random.chance(0.3) };
}

/** Sometimes gives all tickets the same creation time, so that the keeper is chosen by ticket id. */
function withOneAge(tickets: Scenario['existingTickets'], random: SeededRandom): Scenario['existingTickets'] {
  const [first] = tickets;
  return first !== undefined && random.chance(0.4) ? tickets.map((each) => ({ ...each, ageMs: first.ageMs })) : tickets;
}

/** A service without a guarantee may claim one for longer, and the promised ticket may disappear during the late watch. */
function withFaultsOfGuaranteeNone(scenario: Scenario, mix: FaultMix): Scenario {
  const { random } = mix;
  const claiming = random.chance(0.1)
    ? withStubbornClaim(scenario)
    : random.chance(0.1)
      ? withUnlistedTicket(scenario, mix)
      : scenario;
  return random.chance(0.15) ? withPromisedTicketRemoved(claiming, mix) : claiming;
}

/**
 * The service claims to honour idempotency keys for two reads of its guarantee, and until then the responses to
 * creates are withheld. The order can only learn the truth in time if nobody interferes.
 */
function withStubbornClaim(scenario: Scenario): Scenario {
  return {
    ...scenario,
    claimedAtFirst: { guarantee: 'idempotency-key', reads: 2 },
    cancellations: [],
    terminations: [],
  };
}

/** The service claims to enforce deadlines, and responds 201 to a create that it has not received yet. */
function withUnlistedTicket(scenario: Scenario, { random, timings }: FaultMix): Scenario {
  const arrivesAfterMs = random.between(timings.createDeadlineMs, coveredMs(timings));
  const response = { kind: 'fabricated', status: 201, ticket: 'never created' } as const;
  return {
    ...scenario,
    claimedAtFirst: { guarantee: 'deadline', reads: 1 },
    creates: [{ ...NORMAL.create, arrivesAfterMs, response }],
    terminations: [],
  };
}

/** An operator takes the promised ticket out of circulation while the late watch is still checking. */
function withPromisedTicketRemoved(scenario: Scenario, { random, timings }: FaultMix): Scenario {
  const watchMs = timings.lateWatchMs.reduce((sum, ms) => sum + ms, 0);
  return {
    ...scenario,
    promisedTicketRemovals: [{ after: 'run ended', nth: 1, delayMs: random.between(0, watchMs) }],
  };
}
