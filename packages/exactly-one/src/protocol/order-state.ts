import type { CreateOutcome } from './create-outcome.ts';
import { deadlineOfEarlierRun, fenceOf, isPastFence } from './fence.ts';
import { type Guarantee, weakerGuarantee } from './guarantee.ts';
import type { Item, ItemList, SeenItems } from './items.ts';
import { liveItems } from './keeper.ts';
import type { Timings } from './timings.ts';
import { addCreate, isClaimUnlisted, isResolvedByPresence, type UnresolvedCreates } from './unresolved-creates.ts';

/** Everything that an order's loop remembers. It is plain JSON, so that a workflow can hand it to its next run. */
export interface OrderState {
  /** The weakest guarantee seen. */
  readonly guarantee: Guarantee;
  /** An outcome is unknown or needs confirmation, so the guarantee is read again before anything is decided. */
  readonly mustRereadGuarantee: boolean;
  /** Whether an earlier run of this order was closed without a result. */
  readonly resumed: boolean;
  /** Creates that were attempted, including those that were not sent. */
  readonly createAttempts: number;
  /** The latest deadline of any create, in whichever run: epoch milliseconds. */
  readonly lastDeadlineMs?: number;
  /** The latest time at which the service wants to have finished a create that it accepted: epoch milliseconds. */
  readonly readyAtMs?: number;
  readonly unresolvedCreates?: UnresolvedCreates;
  /** The outcome of some create never became known. With guarantee `none` it may still commit. */
  readonly stayedUnknown: boolean;
  /** A response has proven that no item existed and that no create in flight could make one. */
  readonly absenceProven: boolean;
  readonly rejection?: { readonly code: string; readonly reason: string };
  readonly cancelRequested: boolean;
  readonly seen: SeenItems;
  /** No create may be sent before this time: epoch milliseconds. */
  readonly notBeforeMs: number;
  /** Checks since the last create, which determine the next pause while settling. */
  readonly checks: number;
  /** Final checks made before closing without an item. */
  readonly finalChecks: number;
  /** Rounds of voids so far, which determine the pause before the next: a void may have no effect. */
  readonly voidRounds: number;
  /** Creates that did not complete the order, which determine the back-off before the next. */
  readonly backOffs: number;
}

/**
 * The state of an order at its start.
 * @param run.guarantee what the service promises now
 * @param run.resumed whether an earlier run of this order was closed without a result
 * @param run.startedAtMs when the first run of this chain of continued runs started, by Temporal's clock
 */
export function initialState(run: {
  readonly guarantee: Guarantee;
  readonly resumed: boolean;
  readonly startedAtMs: number;
  readonly timings: Timings;
}): OrderState {
  const state: OrderState = {
    guarantee: run.guarantee,
    mustRereadGuarantee: false,
    resumed: run.resumed,
    createAttempts: 0,
    stayedUnknown: false,
    absenceProven: false,
    cancelRequested: false,
    seen: { itemIds: [], voidedItemIds: [] },
    notBeforeMs: 0,
    checks: 0,
    finalChecks: 0,
    voidRounds: 0,
    backOffs: 0,
  };
  if (!run.resumed) return state;
  const { createDeadlineMs, clockSkewMs } = run.timings;
  return {
    ...state,
    lastDeadlineMs: deadlineOfEarlierRun(run.startedAtMs, createDeadlineMs, clockSkewMs),
    unresolvedCreates: { kind: 'earlier run' },
  };
}

/** The fence of all creates sent so far, in epoch milliseconds; undefined when none can be in flight. */
export function fenceOfState(state: OrderState, timings: Timings): number | undefined {
  const { lastDeadlineMs } = state;
  return lastDeadlineMs === undefined ? undefined : fenceOf({ ...state, lastDeadlineMs }, timings);
}

/** Takes a create into account before it is sent. It stays unresolved if its outcome is never reported. */
export function withCreateSent(state: OrderState, deadlineMs: number, key: string): OrderState {
  return {
    ...state,
    createAttempts: state.createAttempts + 1,
    lastDeadlineMs: Math.max(deadlineMs, state.lastDeadlineMs ?? 0),
    unresolvedCreates: addCreate(state.unresolvedCreates, key),
    checks: 0,
  };
}

/**
 * Takes the outcome of a create into account.
 * @param sent the state with the create
 * @param before the state without it
 */
export function withOutcome(sent: OrderState, outcome: CreateOutcome, before: OrderState): OrderState {
  switch (outcome.kind) {
    case 'committed':
      // This create cannot have made an item that existed before it: its outcome is unknown.
      if (before.seen.itemIds.includes(outcome.itemId)) return { ...sent, mustRereadGuarantee: true };
      return sent.unresolvedCreates?.kind === 'this run'
        ? { ...sent, unresolvedCreates: { ...sent.unresolvedCreates, claimedItemId: outcome.itemId } }
        : sent;
    case 'not sent':
      return { ...before, createAttempts: sent.createAttempts };
    case 'rejected':
      return { ...sent, rejection: { code: outcome.code, reason: outcome.reason }, mustRereadGuarantee: true };
    case 'unknown':
      return { ...sent, mustRereadGuarantee: true };
    case 'accepted':
      return withAccepted({ ...sent, mustRereadGuarantee: true }, outcome.readyAtMs);
  }
}

function withAccepted(sent: OrderState, readyAtMs: number | undefined): OrderState {
  const { unresolvedCreates } = sent;
  return {
    ...sent,
    ...(readyAtMs === undefined ? {} : { readyAtMs: Math.max(readyAtMs, sent.readyAtMs ?? 0) }),
    ...(unresolvedCreates?.kind === 'this run' ? { unresolvedCreates: { ...unresolvedCreates, accepted: true } } : {}),
  };
}

/** Takes into account that the guarantee was read again. The weakest one seen applies to the order. */
export function withGuarantee(state: OrderState, guarantee: Guarantee): OrderState {
  return { ...state, guarantee: weakerGuarantee(state.guarantee, guarantee), mustRereadGuarantee: false };
}

/** Takes a complete response into account: what it shows, and which unresolved creates it resolves. */
export function withResponse(state: OrderState, response: ItemList, timings: Timings): OrderState {
  const { items, asOfMs } = response;
  if (isClaimUnlisted(state.unresolvedCreates, items)) return withClaimUnlisted(state, items);
  const pastFence = isPastFence(asOfMs, fenceOfState(state, timings), timings.clockSkewMs);
  const found = isResolvedByPresence(state.unresolvedCreates, state.guarantee, items);
  const { unresolvedCreates, ...resolved } = state;
  return {
    ...(unresolvedCreates !== undefined && !pastFence && !found ? state : resolved),
    stayedUnknown:
      state.stayedUnknown || (unresolvedCreates?.kind === 'this run' && pastFence && !found && !isOnlyRejected(state)),
    absenceProven: state.absenceProven || (pastFence && liveItems(items).length === 0),
    seen: seenWith(state.seen, items),
  };
}

/** The response lacks the item that a 201 claimed. The outcome counts as unknown, so the guarantee is read again. */
function withClaimUnlisted(state: OrderState, items: readonly Item[]): OrderState {
  if (state.unresolvedCreates?.kind !== 'this run') return state;
  return {
    ...state,
    unresolvedCreates: { ...state.unresolvedCreates, claimUnlisted: true },
    mustRereadGuarantee: true,
    seen: seenWith(state.seen, items),
  };
}

/** Whether the only unresolved create was rejected. Past the fence its outcome is known: it created nothing. */
function isOnlyRejected({ rejection, unresolvedCreates }: OrderState): boolean {
  return rejection !== undefined && unresolvedCreates?.kind === 'this run' && unresolvedCreates.count === 1;
}

function seenWith(seen: SeenItems, items: readonly Item[]): SeenItems {
  return {
    itemIds: union(seen.itemIds, items),
    voidedItemIds: union(
      seen.voidedItemIds,
      items.filter((item) => item.voided),
    ),
  };
}

function union(ids: readonly string[], items: readonly Item[]): readonly string[] {
  return [...new Set([...ids, ...items.map(({ itemId }) => itemId)])];
}
