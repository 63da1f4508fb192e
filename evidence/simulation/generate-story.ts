import { GUARANTEES, type Guarantee, type Intervals } from 'exactly-one';
import { createSeededRandom, type SeededRandom } from '../../testbed/seeded-random.ts';
import { focusedStory } from './focused-story.ts';
import { generateCreate } from './generate-create.ts';
import { generateInterruptions, generateMoment } from './generate-interruptions.ts';
import { generateLook } from './generate-look.ts';
import { generateVoid } from './generate-void.ts';
import { type CreateFate, calmStory, coveredMs, type Story, WELL } from './story.ts';
import { times } from './times.ts';
import type { Troubles } from './troubles.ts';

const INTERVALS: readonly [Intervals, ...Intervals[]] = [
  { createDeadlineMs: 1_000, clockSkewMs: 100, settleMs: 2_000, lateWatchMs: [1_000, 3_000] },
  { createDeadlineMs: 1_000, clockSkewMs: 400, settleMs: 1_500, lateWatchMs: [2_000] },
  { createDeadlineMs: 2_000, clockSkewMs: 250, settleMs: 600, lateWatchMs: [700, 900, 1_600] },
];

/** The guarantee of a seed: they take turns. */
export function guaranteeOf(seed: number): Guarantee {
  return GUARANTEES[seed % GUARANTEES.length] ?? 'none';
}

/** The story of a seed: always the same one. */
export function generateStory(seed: number): Story {
  return drawStory(createSeededRandom(seed), guaranteeOf(seed));
}

/** A story in which all that the guarantee assumes holds, and after whose last trouble all goes well. */
export function drawStory(random: SeededRandom, guarantee: Guarantee): Story {
  const intervals = random.pick(INTERVALS);
  const on = (share: number) => random.chance(share);
  const troubles: Troubles = {
    random,
    guarantee,
    intervals,
    share: random.pick([0.3, 0.6, 0.9]),
    lies: on(0.5),
    late: on(0.5),
    delays: on(0.4),
    stale: on(0.4),
    headersLost: on(0.15),
    duplicates: on(0.4),
  };
  const story: Story = {
    ...calmStory(guarantee),
    intervals,
    saidAtFirst: saidAtFirst(troubles),
    before: on(0.2) ? ticketsBefore(troubles) : [],
    creates: on(0.85) ? times(random.between(1, 4), () => generateCreate(troubles)) : [],
    looks: on(0.5) ? times(random.between(1, 12), () => generateLook(troubles)) : [],
    voids: on(0.6) ? times(random.between(1, 4), () => generateVoid(troubles)) : [],
    watchStartsMs: on(0.4) ? [random.between(0, 500), random.between(0, 500)] : [],
    cancellations: on(0.35) ? times(random.between(1, 2), () => generateMoment(troubles)) : [],
    submissions: on(0.25) ? times(random.between(1, 2), () => generateMoment(troubles)) : [],
    ...generateInterruptions(troubles),
    wrongVoids: on(0.1) ? [generateMoment(troubles)] : [],
    longHistoryAt: on(0.25) ? times(random.between(1, 4), () => random.between(1, 20)) : [],
    jitterSeed: random.between(1, 1_000),
  };
  const focused = focusedStory(story, troubles);
  if (guarantee !== 'none') return focused;
  const told = on(0.1) ? withStubbornClaim(focused) : on(0.1) ? withTicketNeverMade(focused, troubles) : focused;
  return on(0.15) ? withPromisedGoing(told, troubles) : told;
}

/** Some of them from one moment, so that their ids decide which one stays. */
function ticketsBefore(troubles: Troubles): Story['before'] {
  const { random } = troubles;
  const tickets = times(random.between(1, 3), () => ticketBefore(troubles));
  const [first] = tickets;
  return first !== undefined && random.chance(0.4) ? tickets.map((each) => ({ ...each, agoMs: first.agoMs })) : tickets;
}

/** From so long ago that no create of that life can be in flight, and no stale answer that counts can lack it. */
function ticketBefore({ random, intervals }: Troubles): Story['before'][number] {
  const leastMs = intervals.createDeadlineMs + 3 * intervals.clockSkewMs;
  return { agoMs: leastMs + random.between(0, 2_000), voided: random.chance(0.3) };
}

/** A service that promises nothing claims to keep deadlines, and says 201 for a create that is still on its way. */
function withTicketNeverMade(story: Story, { random, intervals }: Troubles): Story {
  const create: CreateFate = {
    ...WELL.create,
    arrivesAfterMs: random.between(intervals.createDeadlineMs, coveredMs(intervals)),
    reply: { kind: 'answer', status: 201, ticket: 'never made' },
  };
  return { ...story, saidAtFirst: { guarantee: 'deadline', questions: 1 }, creates: [create], terminations: [] };
}

/** While the late watch still looks. */
function withPromisedGoing(story: Story, { random, intervals }: Troubles): Story {
  const watchMs = intervals.lateWatchMs.reduce((sum, ms) => sum + ms, 0);
  return { ...story, promisedGoes: [{ after: 'end', nth: 1, plusMs: random.between(0, watchMs) }] };
}

/** A service that claims more than it keeps, to the first question. */
function saidAtFirst({ random, guarantee }: Troubles): Story['saidAtFirst'] {
  const [first, ...others] = GUARANTEES.slice(GUARANTEES.indexOf(guarantee) + 1);
  if (first === undefined || random.chance(0.7)) return { guarantee, questions: 0 };
  return { guarantee: random.pick([first, ...others]), questions: 1 };
}

/**
 * A service that promises nothing claims to honour keys, to two questions, and is heard to say nothing of creates so
 * long. That can be found out in time only if nobody interferes.
 */
function withStubbornClaim(story: Story): Story {
  return {
    ...story,
    saidAtFirst: { guarantee: 'idempotency-key', questions: 2 },
    cancellations: [],
    terminations: [],
  };
}
