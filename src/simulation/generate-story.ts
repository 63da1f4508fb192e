import { GUARANTEES, type Guarantee } from '../contracts/guarantee.ts';
import type { Intervals } from '../contracts/intervals.ts';
import { focusedStory } from './focused-story.ts';
import { generateCreate } from './generate-create.ts';
import { createSeededRandom, type SeededRandom } from './seeded-random.ts';
import {
  type ClockStep,
  calmStory,
  type LookFate,
  type LookTrouble,
  type Moment,
  type Occasion,
  type Story,
  type VoidFate,
  WELL,
} from './story.ts';

/** Which kinds of trouble a story has: drawn anew for each, so that each is also met without the others. */
export interface Troubles {
  readonly random: SeededRandom;
  readonly guarantee: Guarantee;
  readonly intervals: Intervals;
  /** Of all fates this share is troubled. */
  readonly share: number;
  readonly lies: boolean;
  readonly late: boolean;
  readonly delays: boolean;
  readonly stale: boolean;
  readonly headersLost: boolean;
  readonly duplicates: boolean;
}

const INTERVALS: readonly [Intervals, ...Intervals[]] = [
  { createDeadlineMs: 1_000, clockSkewMs: 100, settleMs: 2_000, lateWatchMs: [1_000, 3_000] },
  { createDeadlineMs: 1_000, clockSkewMs: 400, settleMs: 1_500, lateWatchMs: [2_000] },
  { createDeadlineMs: 2_000, clockSkewMs: 250, settleMs: 600, lateWatchMs: [700, 900, 1_600] },
];

const LOOK_TROUBLES: readonly [LookTrouble, ...LookTrouble[]] = [
  'error',
  'lost',
  'of another order',
  'of another reservation',
  'lacks what was seen',
  'lacks what was seen',
  'revives a void',
  'revives a void',
  'both live and voided',
  'listed twice',
  'from the future',
  'time unreadable',
];

/** The guarantee of a seed: they take turns. */
export function guaranteeOf(seed: number): Guarantee {
  return GUARANTEES[seed % GUARANTEES.length] ?? 'none';
}

/**
 * The story of a seed: always the same one. In it all that the guarantee assumes holds, and after its last trouble all
 * goes well.
 */
export function generateStory(seed: number): Story {
  const random = createSeededRandom(seed);
  const guarantee = guaranteeOf(seed);
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
    looks: on(0.5) ? times(random.between(1, 12), () => lookFate(troubles)) : [],
    voids: on(0.6) ? times(random.between(1, 4), () => voidFate(troubles)) : [],
    watchStartsMs: on(0.4) ? [random.between(0, 500), random.between(0, 500)] : [],
    cancellations: on(0.35) ? times(random.between(1, 2), () => moment(troubles)) : [],
    submissions: on(0.25) ? times(random.between(1, 2), () => moment(troubles)) : [],
    ...interruptions(troubles),
    wrongVoids: on(0.1) ? [moment(troubles)] : [],
    longHistoryAt: on(0.25) ? times(random.between(1, 4), () => random.between(1, 20)) : [],
    jitterSeed: random.between(1, 1_000),
  };
  const focused = focusedStory(story, troubles);
  return guarantee === 'none' && on(0.1) ? withStubbornClaim(focused) : focused;
}

/** Terminations, each with what the clocks do then, and what they do otherwise. */
function interruptions(troubles: Troubles): Pick<Story, 'terminations' | 'clockSteps'> {
  const { random } = troubles;
  const clocksAreOff = random.chance(0.6);
  const clockSteps: ClockStep[] = [];
  const set = (at: Moment, whose: ClockStep['whose']) => {
    if (clocksAreOff) clockSteps.push({ at, whose, offMs: offOf(troubles) });
  };
  const beginning: Moment = { after: 'begin', nth: 0, plusMs: 0 };
  for (const whose of ['service', 'worker', 'Temporal'] as const) set(beginning, whose);
  for (let count = random.between(0, 2); count > 0; count -= 1) set(moment(troubles), 'service');
  if (random.chance(0.2)) set(moment(troubles), 'worker');
  if (random.chance(0.1)) clockSteps.push(...wrongWorkerClock(troubles));
  const terminations = random.chance(0.4)
    ? times(random.between(1, 2), () => {
        const at = moment(troubles);
        if (random.chance(0.7)) set(at, 'Temporal');
        return { at, resubmitAfterMs: random.chance(0.5) ? random.between(0, 20) : random.between(0, 1_500) };
      })
    : [];
  return { terminations, clockSteps };
}

/** Half the allowance at most, so that no two clocks differ by more than the allowance; often at its limit. */
function offOf({ random, intervals }: Troubles): number {
  const most = intervals.clockSkewMs / 2;
  return random.chance(0.6) ? random.pick([-most, most]) : random.between(-most, most);
}

/** A worker's clock is wrong beyond all allowance, and mended later: orders wait so long. */
function wrongWorkerClock({ random }: Troubles): readonly ClockStep[] {
  const at: Moment = { after: random.pick(['begin', 'look', 'create']), nth: 1, plusMs: random.between(0, 50) };
  const mendedAt: Moment = { ...at, plusMs: at.plusMs + random.between(1, 3_000) };
  return [
    { at, whose: 'worker', offMs: random.pick([-50_000, 50_000]) },
    { at: mendedAt, whose: 'worker', offMs: 0 },
  ];
}

function moment({ random, intervals }: Troubles): Moment {
  const { createDeadlineMs, settleMs, clockSkewMs } = intervals;
  const plusMs = random.pick([
    random.between(0, 5),
    random.between(0, 60),
    random.between(0, 600),
    createDeadlineMs + random.between(-clockSkewMs, 2 * clockSkewMs),
    random.between(0, createDeadlineMs + settleMs),
  ]);
  const after = random.pick<Occasion>([
    'begin',
    'create',
    'create',
    'commit',
    'look',
    'look',
    'void',
    'void',
    'watch',
    'end',
  ]);
  return { after, nth: after === 'look' ? random.between(1, 8) : random.between(1, 2), plusMs };
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

function lookFate({ random, share, lies, stale, delays, intervals }: Troubles): LookFate {
  const isTroubled = random.chance(share);
  const { clockSkewMs } = intervals;
  return {
    arrivesAfterMs: delays && random.chance(0.4) ? random.between(0, 400) : random.between(0, 5),
    answeredAfterMs: delays && random.chance(0.4) ? random.between(0, 400) : random.between(0, 5),
    staleMs:
      stale && isTroubled ? random.pick([random.between(0, clockSkewMs), random.between(0, 5_000), clockSkewMs]) : 0,
    ...(lies && isTroubled ? { trouble: random.pick(LOOK_TROUBLES) } : {}),
    heardAfterMs: delays && random.chance(0.3) ? random.between(0, 1_500) : random.between(0, 3),
  };
}

function voidFate(troubles: Troubles): VoidFate {
  const { random, share, guarantee, duplicates, headersLost } = troubles;
  if (!random.chance(share)) return WELL.void;
  const isReplayed = duplicates && guarantee === 'idempotency-key' && random.chance(0.4);
  return {
    arrivesAfterMs: random.chance(0.15) ? undefined : random.pick([random.between(1, 50), random.between(1, 3_000)]),
    answeredAfterMs: random.between(1, 300),
    ...(isReplayed ? { arrivesAgainAfterMs: random.between(1, 3_000) } : {}),
    reply: random.pick(['truth', 'truth', 'error', 'yes, without effect']),
    losesDeadline: headersLost && random.chance(0.3),
    keeperGoes: random.chance(0.2),
  };
}

function times<Value>(count: number, make: () => Value): readonly Value[] {
  return Array.from({ length: count }, make);
}
