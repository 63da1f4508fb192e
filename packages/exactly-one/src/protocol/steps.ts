import type { CreateOutcome } from './create-outcome.ts';
import type { Decision } from './decide.ts';
import type { Guarantee } from './guarantee.ts';
import type { ItemList, SeenItems, VoidResult } from './items.ts';
import type { OrderState } from './order-state.ts';
import type { AcceptedResolution } from './resolution.ts';

/** One create that the loop requests. */
export interface CreateRequest {
  /** 1 for the order's first create. */
  readonly attempt: number;
  /** Epoch milliseconds: the create must not be sent, nor waited for, after this time. */
  readonly deadlineMs: number;
  /** The most time that the create may take, by the wall clock and by a monotonic one: `timings.createDeadlineMs`. */
  readonly createDeadlineMs: number;
  /** The same for all creates that may create only one item. It may also be sent to a service that ignores it. */
  readonly idempotencyKey: string;
  /** The weakest guarantee seen. */
  readonly guarantee: Guarantee;
}

/**
 * What the loop needs from its surroundings: activities and timers in production, a virtual network in a simulation.
 *
 * Each of them may throw to interrupt the loop, as Temporal's `continueAsNew` does; the error passes through. A later
 * call of `exactlyOne` continues from the last state passed to `onStep`, which includes every create that may have been
 * sent.
 */
export interface Steps {
  /** Epoch milliseconds, by one clock for all runs of an order. In a workflow: workflow time. */
  nowMs(): number;
  /** A number in [0, 1), for jitter. */
  random(): number;
  sleep(ms: number): Promise<void>;
  /**
   * Sleeps before the next check while settling. It may end early, when somebody says that an item may have come: that
   * is a reason to check and never proof. It takes `LEAST_PAUSE_MS` or `ms`, whichever is shorter, at least: a flood of
   * such messages must not become a flood of checks.
   */
  sleepUntilCheck(ms: number): Promise<void>;
  /** Like `sleep`, but ends early when a cancellation is requested. */
  sleepUnlessCancelled(ms: number): Promise<void>;
  /** The order's items from a complete response that lacks nothing in `seen`. It retries until it has one. */
  validate(seen: SeenItems): Promise<ItemList>;
  /** Sends one create, at most once, and returns its outcome. A failure is an outcome too, not an error. */
  create(request: CreateRequest): Promise<CreateOutcome>;
  /**
   * Voids an item. It retries until it has a result.
   * @param keep the item that stays and must be live; null when the order is being cancelled
   */
  voidItem(itemId: string, keep: string | null): Promise<VoidResult>;
  /** What the service promises now. */
  readGuarantee(): Promise<Guarantee>;
  /** Whether the cancellation of the order has been requested. */
  cancelRequested(): boolean;
  /**
   * How a person has resolved the order; only what `resolutionProblem` did not refuse. It is asked for after each step,
   * and the loop then ends. To end a step that waits, interrupt the loop and call it again. Default: nobody has.
   */
  resolution?(): AcceptedResolution | undefined;
  /** Called before each step, with everything known by then. */
  onStep(state: OrderState, step: Step): void;
  /** Called with the outcome of each create. */
  onOutcome(outcome: CreateOutcome): void;
}

/** One step of the loop: a check, a reading of the guarantee, or what was decided. */
export type Step = Decision | { readonly kind: 'validate' } | { readonly kind: 'read guarantee' };
