import { fenceOf, isPastFence } from './fence.ts';
import type { OrderState } from './order-state.ts';
import type { Timings } from './timings.ts';

/**
 * What a person says about an order whose outcome nobody can read: which item it has, or that it has none. It is a claim
 * and not proof.
 */
export type Resolution = Omit<ResolutionRecord, 'atMs'> & ({ readonly itemId: string } | { readonly none: true });

/** What is recorded of a resolution. */
export interface ResolutionRecord {
  readonly reason: string;
  /** Who says so. */
  readonly by: string;
  /** When the order accepted it, by the clock of `steps.nowMs`: epoch milliseconds. */
  readonly atMs: number;
}

/** A resolution that an order has accepted. */
export type AcceptedResolution = Resolution & ResolutionRecord;

/**
 * Why an order cannot be resolved like this now.
 * @param now.nowMs epoch milliseconds, by the same clock as the deadlines of creates
 * @param now.running the request that is under way and can still change which items exist
 * @returns undefined when it can
 */
export function resolutionProblem(
  resolution: Resolution,
  state: OrderState,
  timings: Timings,
  now: { readonly nowMs: number; readonly running: 'create' | 'void' | undefined },
): string | undefined {
  if (now.running !== undefined) return `a ${now.running} is running`;
  const fenceMs = latestFenceOf(state, timings);
  if (fenceMs !== undefined && !isPastFence(now.nowMs, fenceMs, timings.clockSkewMs)) {
    const possibleAt = new Date(fenceMs + timings.clockSkewMs).toISOString();
    return `a create that was sent may still commit; it can be resolved after ${possibleAt}`;
  }
  if ('itemId' in resolution && state.seen.voidedItemIds.includes(resolution.itemId)) {
    return `${resolution.itemId} has been voided`;
  }
  return undefined;
}

/** A guarantee that should have been read again, and could not be, may have been withdrawn. */
function latestFenceOf(state: OrderState, timings: Timings): number | undefined {
  const { lastDeadlineMs, mustRereadGuarantee } = state;
  if (lastDeadlineMs === undefined) return undefined;
  const guarantee = mustRereadGuarantee ? 'none' : state.guarantee;
  return fenceOf({ ...state, lastDeadlineMs, guarantee }, timings);
}
