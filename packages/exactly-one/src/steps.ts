import type { CreateOutcome } from './classify-outcome.ts';
import type { Decision } from './decide.ts';
import type { Guarantee } from './guarantee.ts';
import type { ItemList, SeenItems, VoidResult } from './items.ts';
import type { OrderState } from './order-state.ts';

/** One create, as the loop requests it. */
export interface CreateRequest {
  /** 1 for the order's first create. */
  readonly attempt: number;
  /** Epoch milliseconds: the create must not be sent, nor waited for, after this time. */
  readonly deadlineMs: number;
  /** The most time that the create may take, by whichever clock: `timings.createDeadlineMs`. */
  readonly createDeadlineMs: number;
  /** The same for all creates that may make only one item. A service that does not honour it can be sent it safely. */
  readonly idempotencyKey: string;
  /** The weakest guarantee seen. */
  readonly guarantee: Guarantee;
}

/**
 * What the loop needs from its surroundings: in production activities and timers, in a simulation a virtual network.
 *
 * Any of them may throw to interrupt the loop, as Temporal's `continueAsNew` does; the error passes through. A later
 * call of `exactlyOne` continues from the state last given to `onStep`. A create that may have been sent is part of it.
 */
export interface Steps {
  /** Epoch milliseconds, by one clock for all runs of an order. In a workflow: workflow time. */
  nowMs(): number;
  /** A number in [0, 1), for jitter. */
  random(): number;
  sleep(ms: number): Promise<void>;
  /** Like `sleep`, but ends early when a cancellation is requested. */
  sleepUnlessCancelled(ms: number): Promise<void>;
  /** The order's items from a complete response that lacks nothing in `seen`. It retries until it has one. */
  validate(seen: SeenItems): Promise<ItemList>;
  /** Sends one create, at most once, and returns its outcome. Failing is an outcome too, not an error. */
  create(request: CreateRequest): Promise<CreateOutcome>;
  /**
   * Voids an item. It retries until it has a result.
   * @param keep the item that stays and must be live; null when the order is being cancelled
   */
  voidItem(itemId: string, keep: string | null): Promise<VoidResult>;
  /** What the service promises now. */
  readGuarantee(): Promise<Guarantee>;
  cancelRequested(): boolean;
  /** Called before each step, with everything known by then. */
  onStep(state: OrderState, step: Step): void;
  onOutcome(outcome: CreateOutcome): void;
}

/** What an order does at one point. */
export type Step = Decision | { readonly kind: 'validate' } | { readonly kind: 'read guarantee' };
