import { GUARANTEES, type Guarantee, type Timings } from 'exactly-one';
import { createSeededRandom, type SeededRandom } from '../../../testbed/seeded-random.ts';
import type { Troubles } from './fault-mix.ts';
import { focusedScenario } from './focused-scenarios.ts';
import { generateCheck } from './generate-check.ts';
import { generateInterruptions, generateMoment } from './generate-events.ts';
import { generateCreate } from './generate-requests.ts';
import { generateVoid } from './generate-void.ts';
import { calmScenario, coveredMs, type PlannedCreate, type Scenario, WELL } from './scenario.ts';
import { times } from './times.ts';

const TIMINGS: readonly [Timings, ...Timings[]] = [
  { createDeadlineMs: 1_000, clockSkewMs: 100, settleMs: 2_000, lateWatchMs: [1_000, 3_000] },
  { createDeadlineMs: 1_000, clockSkewMs: 400, settleMs: 1_500, lateWatchMs: [2_000] },
  { createDeadlineMs: 2_000, clockSkewMs: 250, settleMs: 600, lateWatchMs: [700, 900, 1_600] },
];

/** The guarantee of a seed: they take turns. */
export function guaranteeOf(seed: number): Guarantee {
  return GUARANTEES[seed % GUARANTEES.length] ?? 'none';
}

/** The scenario of a seed: always the same one. */
export function generateScenario(seed: number): Scenario {
  return drawScenario(createSeededRandom(seed), guaranteeOf(seed));
}

/** A scenario in which all that the guarantee assumes holds, and after whose last trouble all goes well. */
export function drawScenario(random: SeededRandom, guarantee: Guarantee): Scenario {
  const timings = random.pick(TIMINGS);
  const on = (share: number) => random.chance(share);
  const troubles: Troubles = {
    random,
    guarantee,
    timings,
    share: random.pick([0.3, 0.6, 0.9]),
    lies: on(0.5),
    late: on(0.5),
    delays: on(0.4),
    stale: on(0.4),
    headersLost: on(0.15),
    duplicates: on(0.4),
  };
  const scenario: Scenario = {
    ...calmScenario(guarantee),
    timings,
    saidAtFirst: saidAtFirst(troubles),
    before: on(0.2) ? ticketsBefore(troubles) : [],
    creates: on(0.85) ? times(random.between(1, 4), () => generateCreate(troubles)) : [],
    checks: on(0.5) ? times(random.between(1, 12), () => generateCheck(troubles)) : [],
    voids: on(0.6) ? times(random.between(1, 4), () => generateVoid(troubles)) : [],
    watchStartsMs: on(0.4) ? [random.between(0, 500), random.between(0, 500)] : [],
    cancellations: on(0.35) ? times(random.between(1, 2), () => generateMoment(troubles)) : [],
    submissions: on(0.25) ? times(random.between(1, 2), () => generateMoment(troubles)) : [],
    ...generateInterruptions(troubles),
    wrongVoids: on(0.1) ? [generateMoment(troubles)] : [],
    longHistoryAt: on(0.25) ? times(random.between(1, 4), () => random.between(1, 20)) : [],
    jitterSeed: random.between(1, 1_000),
  };
  const focused = focusedScenario(scenario, troubles);
  if (guarantee !== 'none') return focused;
  const told = on(0.1) ? withStubbornClaim(focused) : on(0.1) ? withTicketNeverMade(focused, troubles) : focused;
  return on(0.15) ? withPromisedGoing(told, troubles) : told;
}

/** Some of them from one moment, so that their ids decide which one stays. */
function ticketsBefore(troubles: Troubles): Scenario['before'] {
  const { random } = troubles;
  const items = times(random.between(1, 3), () => ticketBefore(troubles));
  const [first] = items;
  return first !== undefined && random.chance(0.4) ? items.map((each) => ({ ...each, agoMs: first.agoMs })) : items;
}

/** From so long ago that no create of that life can be in flight, and no stale answer that counts can lack it. */
function ticketBefore({ random, timings }: Troubles): Scenario['before'][number] {
  const leastMs = timings.createDeadlineMs + 3 * timings.clockSkewMs;
  return { agoMs: leastMs + random.between(0, 2_000), voided: random.chance(0.3) };
}

/** A service that promises nothing claims to keep deadlines, and says 201 for a create that is still on its way. */
function withTicketNeverMade(scenario: Scenario, { random, timings }: Troubles): Scenario {
  const create: PlannedCreate = {
    ...WELL.create,
    arrivesAfterMs: random.between(timings.createDeadlineMs, coveredMs(timings)),
    reply: { kind: 'response', status: 201, ticket: 'never made' },
  };
  return { ...scenario, saidAtFirst: { guarantee: 'deadline', questions: 1 }, creates: [create], terminations: [] };
}

/** While the late watch still checks. */
function withPromisedGoing(scenario: Scenario, { random, timings }: Troubles): Scenario {
  const watchMs = timings.lateWatchMs.reduce((sum, ms) => sum + ms, 0);
  return { ...scenario, promisedGoes: [{ after: 'end', nth: 1, plusMs: random.between(0, watchMs) }] };
}

/** A service that claims more than it keeps, to the first question. */
function saidAtFirst({ random, guarantee }: Troubles): Scenario['saidAtFirst'] {
  const [first, ...others] = GUARANTEES.slice(GUARANTEES.indexOf(guarantee) + 1);
  if (first === undefined || random.chance(0.7)) return { guarantee, questions: 0 };
  return { guarantee: random.pick([first, ...others]), questions: 1 };
}

/**
 * A service that promises nothing claims to honour keys, to two questions, and is heard to say nothing of creates so
 * long. That can be found out in time only if nobody interferes.
 */
function withStubbornClaim(scenario: Scenario): Scenario {
  return {
    ...scenario,
    saidAtFirst: { guarantee: 'idempotency-key', questions: 2 },
    cancellations: [],
    terminations: [],
  };
}
