import fc from 'fast-check';
import { GUARANTEES, type Guarantee } from '../../src/contracts/guarantee.ts';

export const INTERVALS = {
  createDeadlineMs: 1_000,
  clockSkewMs: 100,
  settleMs: 2_000,
  lateWatchMs: [1_000, 3_000],
} as const;

/** The latest commit that guarantee `none` covers, counted from when the create was scheduled. */
const COVERED_MS = INTERVALS.createDeadlineMs + INTERVALS.settleMs + 4_000;

/** What becomes of one create. */
export interface CreateFate {
  readonly kind: 'answered' | 'answered early' | 'lost' | 'not sent' | 'worker dies' | 'fails before' | 'rejected';
  /** From the send until the service decides; beyond the deadline it is a late commit. */
  readonly commitAfterMs: number;
  readonly answerAfterMs: number;
  /** What the service says after its commit; early: before it. */
  readonly answer: 'ticket' | 'error 500' | 'rejection' | 'unauthorized' | 'of another order' | 'another ticket';
}

export interface ReadFate {
  readonly delayMs: number;
  /** How old the state is that is answered; beyond the skew the answer says so by its `asOf`. */
  readonly ageMs: number;
  readonly fails: boolean;
}

export interface VoidFate {
  readonly arrivesAfterMs: number;
  readonly answered: boolean;
}

/** Everything that happens to an order beside its own decisions. */
export interface Story {
  readonly guarantee: Guarantee;
  /** What the service says of its guarantee at first; whoever asks again learns the truth. */
  readonly saidAtFirst: Guarantee;
  /** Tickets that were there before the order: of a life of it that Temporal has forgotten. */
  readonly ticketsBefore: number;
  /** And such that were voided. */
  readonly voidedBefore: number;
  readonly creates: readonly CreateFate[];
  readonly reads: readonly ReadFate[];
  readonly voids: readonly VoidFate[];
  /** Moments at which the run is terminated; the order is submitted again `resubmitAfterMs` later. */
  readonly terminations: readonly { readonly atMs: number; readonly resubmitAfterMs: number }[];
  /** Whether the history has grown too long, asked before each step. */
  readonly continueAsNew: readonly boolean[];
  /** How long the start of a late watch takes; the run can be terminated meanwhile. */
  readonly watchStartMs: number;
  /** The run of this moment is asked to cancel; a later run is not. */
  readonly cancelAtMs: number | undefined;
  /** How far the service's clock, and that of Temporal and its workers, are from true time. */
  readonly serviceClockOffMs: number;
  /** Then the service's clock steps to this. */
  readonly serviceClockSteps: { readonly atMs: number; readonly offMs: number };
  readonly workflowClockOffMs: number;
}

const halfSkew = INTERVALS.clockSkewMs / 2;

/** Stories in which the assumptions of a guarantee hold. The last create of a story succeeds, so that orders can end. */
export function stories(guarantee: Guarantee): fc.Arbitrary<Story> {
  const late = guarantee === 'none' ? COVERED_MS - 200 : 20_000;
  const createFate = fc.record({
    kind: fc.constantFrom<CreateFate['kind'][]>(
      'answered',
      'answered',
      'answered',
      'lost',
      'not sent',
      'worker dies',
      'fails before',
      'rejected',
      'answered early',
    ),
    commitAfterMs: fc.oneof(fc.integer({ min: 1, max: 900 }), fc.integer({ min: 900, max: late })),
    answerAfterMs: fc.integer({ min: 1, max: 1_500 }),
    answer: fc.constantFrom<CreateFate['answer'][]>(
      'ticket',
      'error 500',
      'rejection',
      'unauthorized',
      'of another order',
      'another ticket',
    ),
  });
  const coveredFate = createFate.map((fate) => (guarantee === 'none' ? rejectionsInTime(fate) : fate));
  const readFate = fc.record({
    delayMs: fc.integer({ min: 1, max: 300 }),
    ageMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 90 }), fc.integer({ min: 0, max: 5_000 })),
    fails: fc.boolean(),
  });
  const voidFate = fc.record({
    arrivesAfterMs: fc.integer({ min: 1, max: guarantee === 'none' ? 900 : 3_000 }),
    answered: fc.boolean(),
  });
  return fc.record({
    guarantee: fc.constant(guarantee),
    saidAtFirst: fc.constantFrom(...GUARANTEES.slice(GUARANTEES.indexOf(guarantee))),
    voidedBefore: fc.integer({ min: 0, max: 1 }),
    continueAsNew: fc.array(
      fc.integer({ min: 0, max: 3 }).map((dice) => dice === 0),
      { maxLength: 20 },
    ),
    watchStartMs: fc.integer({ min: 0, max: 500 }),
    ticketsBefore: fc.oneof({ weight: 5, arbitrary: fc.constant(0) }, fc.integer({ min: 1, max: 3 })),
    creates: fc.array(coveredFate, { maxLength: 5 }),
    reads: fc.array(readFate, { maxLength: 12 }),
    voids: fc.array(voidFate, { maxLength: 4 }),
    terminations: fc.array(
      fc.record({ atMs: fc.integer({ min: 0, max: 6_000 }), resubmitAfterMs: fc.integer({ min: 0, max: 500 }) }),
      { maxLength: 2 },
    ),
    cancelAtMs: fc.option(fc.integer({ min: 0, max: 8_000 }), { nil: undefined, freq: 3 }),
    serviceClockOffMs: fc.integer({ min: -halfSkew, max: halfSkew }),
    serviceClockSteps: fc.record({
      atMs: fc.integer({ min: 0, max: 6_000 }),
      offMs: fc.integer({ min: -halfSkew, max: halfSkew }),
    }),
    workflowClockOffMs: fc.integer({ min: -halfSkew, max: halfSkew }),
  });
}

/** After a rejection an order looks up to the fence; with guarantee `none` a commit beyond it is not covered. */
function rejectionsInTime(fate: CreateFate): CreateFate {
  const lastMs = INTERVALS.createDeadlineMs + INTERVALS.settleMs - 200;
  return fate.kind === 'answered early' && fate.answer === 'rejection'
    ? { ...fate, commitAfterMs: Math.min(fate.commitAfterMs, lastMs) }
    : fate;
}

export const WELL: { create: CreateFate; read: ReadFate; void: VoidFate } = {
  create: { kind: 'answered', commitAfterMs: 5, answerAfterMs: 5, answer: 'ticket' },
  read: { delayMs: 5, ageMs: 0, fails: false },
  void: { arrivesAfterMs: 5, answered: true },
};
