import type { Guarantee, Timings } from 'exactly-one';

/** What can be waited for; the first is number 1. */
export type Occasion = 'begin' | 'create' | 'commit' | 'look' | 'void' | 'watch' | 'end';

/** A moment of a scenario: so long after something has happened for the n-th time. */
export interface Moment {
  readonly after: Occasion;
  readonly nth: number;
  readonly plusMs: number;
}

/** What the worker gets to hear of a create; none of it proves what the service did. */
export type CreateReply =
  /** What the service really answers, once it has. */
  | { readonly kind: 'truth' }
  /** An answer from somewhere, whatever the service does. */
  | {
      readonly kind: 'response';
      readonly status: number;
      readonly errorCode?: string;
      readonly ticket?: ReportedTicket;
    }
  | { readonly kind: 'silence'; readonly connected: boolean; readonly errorCodes: readonly string[] }
  /** The worker dies after the send, and reports nothing. */
  | { readonly kind: 'worker dies' };

/** The ticket of an answer that does not come from the commit. */
export type ReportedTicket =
  | 'the one made'
  | 'of another order'
  | 'of another reservation'
  | 'voided'
  | 'there before'
  | 'never made';

/** What becomes of one create. All times are milliseconds, each counted from the one before. */
export interface PlannedCreate {
  /** Until the task is scheduled: the workflow's worker is slow. */
  readonly scheduledAfterMs: number;
  /** Until a worker takes the task. */
  readonly takenAfterMs: number;
  /** Until the request leaves: the vault is read before. */
  readonly sentAfterMs: number;
  /** Until the request is at the service, which decides then; undefined: lost. */
  readonly arrivesAfterMs: number | undefined;
  /** A second delivery of the same request, so long after the first. */
  readonly arrivesAgainAfterMs?: number;
  /** Until the worker hears something, counted from the send, or from the arrival where it is the truth. */
  readonly repliesAfterMs: number;
  readonly reply: CreateReply;
  readonly retryAfterMs?: number;
  /** Something on the way takes the deadline off. */
  readonly losesDeadline: boolean;
  /** Somebody takes its ticket out of circulation at once, before anybody has seen it. */
  readonly goneAtOnce?: true;
  /** It carries another payment than the others: with a key used before it is another request. */
  readonly otherPayment?: true;
  /** For so long the machine sleeps before the send: its wall clock goes on, its monotonic one stands. */
  readonly sleepsMs?: number;
}

/** What an answer to a look is like beside the truth; all of it can be seen in the answer itself. */
export type CheckTrouble =
  | 'error'
  | 'lost'
  | 'of another order'
  | 'of another reservation'
  | 'lacks what was seen'
  | 'revives a void'
  | 'both live and voided'
  | 'listed twice'
  | 'from the future'
  | 'time unreadable';

export interface PlannedCheck {
  readonly arrivesAfterMs: number;
  readonly answeredAfterMs: number;
  /** How old the state is that is answered; its `asOf` says so. */
  readonly staleMs: number;
  readonly trouble?: CheckTrouble;
  /** Until the workflow goes on with it. */
  readonly heardAfterMs: number;
}

export interface PlannedVoid {
  /** Undefined: lost. */
  readonly arrivesAfterMs: number | undefined;
  readonly arrivesAgainAfterMs?: number;
  readonly answeredAfterMs: number;
  readonly reply: 'truth' | 'error' | 'yes, without effect';
  readonly losesDeadline: boolean;
  /** Just before it arrives somebody else takes its keeper out of circulation, and keeps the ticket that it is about. */
  readonly keeperGoes: boolean;
}

/** A clock is set, of true time so far off. After the 0th of anything is from the beginning. */
export interface ClockStep {
  readonly at: Moment;
  readonly whose: 'service' | 'worker' | 'Temporal';
  readonly offMs: number;
}

/** An assumption that a scenario breaks, to be seen to matter. */
export type BrokenAssumption = 'every commit is covered';

/** Everything that happens to an order beside its own decisions; plain JSON. After the last fate of a kind all goes well. */
export interface Scenario {
  readonly guarantee: Guarantee;
  /** What the service says of its guarantee to the first questions; whoever asks again learns the truth. */
  readonly saidAtFirst: { readonly guarantee: Guarantee; readonly questions: number };
  readonly timings: Timings;
  /** Tickets that were there before the order: of a life of it that Temporal has forgotten. */
  readonly before: readonly { readonly agoMs: number; readonly voided: boolean }[];
  readonly creates: readonly PlannedCreate[];
  readonly checks: readonly PlannedCheck[];
  readonly voids: readonly PlannedVoid[];
  /** How long the start of each late watch takes; the run can be terminated meanwhile. */
  readonly watchStartsMs: readonly number[];
  readonly cancellations: readonly Moment[];
  readonly terminations: readonly { readonly at: Moment; readonly resubmitAfterMs: number }[];
  /** Submissions of the same order beside the first. */
  readonly submissions: readonly Moment[];
  /** Somebody sends voids that must be refused: of a ticket that keeps itself, or nothing, without a deadline. */
  readonly wrongVoids: readonly Moment[];
  /** Somebody takes the promised ticket of a completed order out of circulation. */
  readonly promisedGoes: readonly Moment[];
  readonly clockSteps: readonly ClockStep[];
  /** Before which of its steps the history of a run, or of a watch, has grown too long. */
  readonly longHistoryAt: readonly number[];
  /** For the jitter of the order's pauses. */
  readonly jitterSeed: number;
  readonly breaks?: BrokenAssumption;
}

export const WELL: { readonly create: PlannedCreate; readonly look: PlannedCheck; readonly void: PlannedVoid } = {
  create: {
    scheduledAfterMs: 1,
    takenAfterMs: 1,
    sentAfterMs: 1,
    arrivesAfterMs: 5,
    repliesAfterMs: 5,
    reply: { kind: 'truth' },
    losesDeadline: false,
  },
  look: { arrivesAfterMs: 2, answeredAfterMs: 2, staleMs: 0, heardAfterMs: 1 },
  void: { arrivesAfterMs: 5, answeredAfterMs: 5, reply: 'truth', losesDeadline: false, keeperGoes: false },
};

/** A scenario without any trouble. */
export function calmScenario(guarantee: Guarantee): Scenario {
  return {
    guarantee,
    saidAtFirst: { guarantee, questions: 0 },
    timings: { createDeadlineMs: 1_000, clockSkewMs: 100, settleMs: 2_000, lateWatchMs: [1_000, 3_000] },
    before: [],
    creates: [],
    checks: [],
    voids: [],
    watchStartsMs: [],
    cancellations: [],
    terminations: [],
    submissions: [],
    wrongVoids: [],
    promisedGoes: [],
    clockSteps: [],
    longHistoryAt: [],
    jitterSeed: 1,
  };
}

/** With guarantee `none`: the latest commit that is covered, counted from when its create was scheduled, by any clock. */
export function coveredMs({ createDeadlineMs, clockSkewMs, settleMs, lateWatchMs }: Timings): number {
  return createDeadlineMs + settleMs + lateWatchMs.reduce((sum, ms) => sum + ms, 0) - 2 * clockSkewMs;
}
