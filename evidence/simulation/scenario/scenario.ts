import type { Guarantee, Timings } from 'exactly-one';
import type { PlannedCheck, PlannedCreate, PlannedVoid } from './planned-requests.ts';

/** What an order can do that other things in a scenario are timed by. */
export type OrderEvent =
  | 'run started'
  | 'create sent'
  | 'committed'
  | 'checked'
  | 'void sent'
  | 'watch started'
  | 'run ended';

/** Fires once, `delayMs` after the nth occurrence of an event; the first occurrence is number 1. */
export interface Trigger {
  readonly after: OrderEvent;
  readonly nth: number;
  readonly delayMs: number;
}

export type Machine = 'service' | 'worker' | 'Temporal';

/** The clock of a machine is set, and from then on differs from true time by `offsetMs`. */
export interface ClockChange {
  readonly at: Trigger | 'start of the scenario';
  readonly machine: Machine;
  readonly offsetMs: number;
}

export interface PlannedResolution {
  readonly at: Trigger;
  /** What the person says: that the order has a ticket, one that was voided, or one that nobody has heard of, or none. */
  readonly claim: 'live ticket' | 'voided ticket' | 'unknown ticket' | 'none';
  readonly tries: number;
  readonly tryAgainAfterMs: number;
  /** After a resolution without a ticket. */
  readonly resubmitAfterMs?: number;
}

/** An assumption of the protocol that a scenario violates, to show that it is needed. */
export type ViolatedAssumption =
  | 'no commit is later than what the late watch covers'
  | 'no rejected create commits after its fence';

/**
 * Everything that happens to an order apart from its own decisions, as plain JSON.
 * Requests follow the plans for creates, checks and voids in turn; once a list is used up, its requests succeed.
 */
export interface Scenario {
  readonly guarantee: Guarantee;
  /** The service reports this guarantee for the first `reads`, and its real one afterwards. */
  readonly claimedAtFirst: { readonly guarantee: Guarantee; readonly reads: number };
  readonly timings: Timings;
  /** Tickets that exist before the order starts, from earlier runs that Temporal no longer remembers. */
  readonly existingTickets: readonly { readonly ageMs: number; readonly voided: boolean }[];
  readonly creates: readonly PlannedCreate[];
  readonly checks: readonly PlannedCheck[];
  readonly voids: readonly PlannedVoid[];
  /** How long each late watch takes to start. Its order can be terminated meanwhile. */
  readonly watchStartsAfterMs: readonly number[];
  readonly cancellations: readonly Trigger[];
  /** A person resolves the order, and tries again for a while when that is refused. */
  readonly resolutions: readonly PlannedResolution[];
  readonly terminations: readonly { readonly at: Trigger; readonly resubmitAfterMs: number }[];
  /** The order is submitted again, apart from what follows a termination. */
  readonly resubmissions: readonly Trigger[];
  /** Somebody sends voids that the service must refuse. */
  readonly invalidVoids: readonly Trigger[];
  /** An operator takes the promised ticket of a completed order out of circulation. */
  readonly promisedTicketRemovals: readonly Trigger[];
  readonly clockChanges: readonly ClockChange[];
  /** The steps of a run, or of a watch, before which its history has grown too long. */
  readonly continueAsNewBeforeSteps: readonly number[];
  /** Each pause while settling ends after this time, because somebody says that a ticket may have come, true or not. */
  readonly hintsAfterMs?: number;
  /** For the jitter of the order's pauses. */
  readonly jitterSeed: number;
  readonly violates?: ViolatedAssumption;
}

/** A scenario in which nothing goes wrong. */
export function calmScenario(guarantee: Guarantee): Scenario {
  return {
    guarantee,
    claimedAtFirst: { guarantee, reads: 0 },
    timings: { createDeadlineMs: 1_000, clockSkewMs: 100, settleMs: 2_000, lateWatchMs: [1_000, 3_000] },
    existingTickets: [],
    creates: [],
    checks: [],
    voids: [],
    watchStartsAfterMs: [],
    cancellations: [],
    resolutions: [],
    terminations: [],
    resubmissions: [],
    invalidVoids: [],
    promisedTicketRemovals: [],
    clockChanges: [],
    continueAsNewBeforeSteps: [],
    jitterSeed: 1,
  };
}

/**
 * When a service has finished an accepted create at the latest, by its own clock, if it keeps its promise: within the
 * bound that counts from the deadline, or by the time that it has stated.
 */
export function finishedByMs(
  { acceptWithinMs = 0 }: Timings,
  create: { readonly deadlineMs: number; readonly readyAtMs?: number | undefined },
): number {
  return Math.max(create.deadlineMs + acceptWithinMs, create.readyAtMs ?? 0);
}

/**
 * With guarantee `none`: the latest commit that the late watch still covers, counted from the scheduling of its create
 * and safe for all clocks.
 */
export function coveredMs({ createDeadlineMs, clockSkewMs, settleMs, lateWatchMs }: Timings): number {
  return createDeadlineMs + settleMs + lateWatchMs.reduce((sum, ms) => sum + ms, 0) - 2 * clockSkewMs;
}
