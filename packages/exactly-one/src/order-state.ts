import type { CreateOutcome } from './classify-outcome.ts';
import { deadlineOfEarlierRun, fenceOf, isPastFence } from './fence.ts';
import { type Guarantee, weakestGuarantee } from './guarantee.ts';
import type { ItemList, SeenItems } from './items.ts';
import { liveItems } from './keeper.ts';
import type { Timings } from './timings.ts';

/** Creates whose outcome is still open. */
export type Unresolved =
  /** A run before this one may have a create or a cancelling void in flight: no answer counts before the fence. */
  | { readonly kind: 'earlier run' }
  | {
      readonly kind: 'creates';
      readonly sends: number;
      /** The key that all of them carry; undefined when they differ. */
      readonly key: string | undefined;
      /** The item that a 201 named: until it is listed, no other item settles the matter. */
      readonly claimedItemId?: string;
      /** An answer has lacked that item: the 201 counts as unknown. */
      readonly claimUnlisted?: true;
    };

/** All that an order's loop remembers; plain JSON, so that it survives continue-as-new. */
export interface OrderState {
  /** The weakest guarantee seen. */
  readonly guarantee: Guarantee;
  /** An outcome is unknown, or a rejection to be doubted: the guarantee is read again before anything is decided. */
  readonly mustRereadGuarantee: boolean;
  readonly resumed: boolean;
  readonly createAttempts: number;
  /** The latest deadline that a create, sent by whatever run, can have. */
  readonly lastDeadlineMs?: number;
  readonly unresolved?: Unresolved;
  /** Some create's outcome was never found out: with guarantee `none` it may still commit. */
  readonly stayedUnknown: boolean;
  /** This run has seen that no item existed and none could come. */
  readonly absenceProven: boolean;
  readonly rejection?: { readonly code: string; readonly reason: string };
  readonly cancelRequested: boolean;
  readonly seen: SeenItems;
  /** No create before this time. */
  readonly notBeforeMs: number;
  /** Looks since the last create, for the growing pauses. */
  readonly checks: number;
  /** Late checks taken before closing without an item. */
  readonly finalChecks: number;
  /** Rounds of voids so far: a service that says yes and does nothing is asked ever more slowly. */
  readonly voidRounds: number;
  /** Creates that did not end the order, for the back-off between them. */
  readonly backOffs: number;
}

/** The state of a run that begins. */
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
    unresolved: { kind: 'earlier run' },
  };
}

/** The fence of everything sent so far; undefined when nothing was. */
export function fenceOfState(state: OrderState, timings: Timings): number | undefined {
  return state.lastDeadlineMs === undefined
    ? undefined
    : fenceOf(state.lastDeadlineMs, state.guarantee, timings.settleMs);
}

/** Takes a create into account before it is sent: should nothing more be heard of it, it is in unresolved. */
export function withCreateSent(state: OrderState, deadlineMs: number, key: string): OrderState {
  const open = state.unresolved?.kind === 'creates' ? state.unresolved : undefined;
  return {
    ...state,
    createAttempts: state.createAttempts + 1,
    lastDeadlineMs: Math.max(deadlineMs, state.lastDeadlineMs ?? 0),
    unresolved: {
      ...open,
      kind: 'creates',
      sends: (open?.sends ?? 0) + 1,
      key: open === undefined || open.key === key ? key : undefined,
    },
    checks: 0,
  };
}

/** Takes the outcome of a create into account. `before` is the state before it was sent. */
export function withOutcome(sent: OrderState, outcome: CreateOutcome, before: OrderState): OrderState {
  switch (outcome.kind) {
    case 'committed':
      // An item that was there before the send is not what this create made: nothing is known of that.
      if (before.seen.itemIds.includes(outcome.itemId)) return { ...sent, mustRereadGuarantee: true };
      return sent.unresolved?.kind === 'creates'
        ? { ...sent, unresolved: { ...sent.unresolved, claimedItemId: outcome.itemId } }
        : sent;
    case 'not sent':
      return { ...before, createAttempts: sent.createAttempts };
    case 'rejected':
      return { ...sent, rejection: { code: outcome.code, reason: outcome.reason }, mustRereadGuarantee: true };
    case 'unknown':
      return { ...sent, mustRereadGuarantee: true };
  }
}

/** Takes into account that the guarantee was read again: the weakest seen rules the order. */
export function withGuarantee(state: OrderState, guarantee: Guarantee): OrderState {
  return { ...state, guarantee: weakestGuarantee(state.guarantee, guarantee), mustRereadGuarantee: false };
}

/** Takes a complete response into account: what it shows, and which unresolved it ends. */
export function withResponse(state: OrderState, answer: ItemList, timings: Timings): OrderState {
  const pastFence = isPastFence(answer.asOfMs, fenceOfState(state, timings), timings.clockSkewMs);
  if (isClaimUnlisted(state, answer)) return withClaimUnlisted(state, answer);
  const found = presenceSettles(state, answer);
  const { unresolved, ...settled } = state;
  return {
    ...(unresolved !== undefined && !pastFence && !found ? state : settled),
    stayedUnknown:
      state.stayedUnknown || (unresolved?.kind === 'creates' && pastFence && !found && !isOnlyRejected(state)),
    absenceProven: state.absenceProven || (pastFence && liveItems(answer.items).length === 0),
    seen: seenWith(state.seen, answer),
  };
}

/** A 201 named an item that this answer, the first one since, lacks. */
function isClaimUnlisted({ unresolved }: OrderState, { items }: ItemList): boolean {
  return (
    unresolved?.kind === 'creates' &&
    unresolved.claimedItemId !== undefined &&
    unresolved.claimUnlisted !== true &&
    !items.some(({ itemId }) => itemId === unresolved.claimedItemId)
  );
}

/** The 201 counts as unknown: the guarantee is read again before any answer settles the unresolved. */
function withClaimUnlisted(state: OrderState, answer: ItemList): OrderState {
  if (state.unresolved?.kind !== 'creates') return state;
  return {
    ...state,
    unresolved: { ...state.unresolved, claimUnlisted: true },
    mustRereadGuarantee: true,
    seen: seenWith(state.seen, answer),
  };
}

function seenWith(seen: SeenItems, { items }: ItemList): SeenItems {
  return {
    itemIds: union(seen.itemIds, items),
    voidedItemIds: union(
      seen.voidedItemIds,
      items.filter((item) => item.voided),
    ),
  };
}

/**
 * Whether the items listed end the unresolved before the fence: a single create in unresolved is the only one that can still
 * commit, so an item is its item; several creates can only share one if they share a key that the service honours.
 */
function presenceSettles({ unresolved, guarantee }: OrderState, { items }: ItemList): boolean {
  if (unresolved?.kind !== 'creates') return false;
  const oneItemAtMost = unresolved.sends === 1 || (guarantee === 'idempotency-key' && unresolved.key !== undefined);
  if (!oneItemAtMost) return false;
  return unresolved.claimedItemId === undefined
    ? liveItems(items).length > 0
    : items.some(({ itemId }) => itemId === unresolved.claimedItemId);
}

/** A single create that the service rejected: its outcome is known once the fence has passed. */
function isOnlyRejected({ rejection, unresolved }: OrderState): boolean {
  return rejection !== undefined && unresolved?.kind === 'creates' && unresolved.sends === 1;
}

function union(ids: readonly string[], items: ItemList['items']): readonly string[] {
  return [...new Set([...ids, ...items.map(({ itemId }) => itemId)])];
}
