import type { CreateOutcome } from './classify-outcome.ts';
import { deadlineOfEarlierRun, fenceOf, isPastFence } from './fence.ts';
import { type Guarantee, weakestGuarantee } from './guarantee.ts';
import type { SeenTickets, TicketList } from './items.ts';
import { liveTickets } from './keeper.ts';
import type { Intervals } from './timings.ts';

/** Creates whose outcome is still open. */
export type Doubt =
  /** A run before this one may have a create or a cancelling void in flight: no answer counts before the fence. */
  | { readonly kind: 'earlier run' }
  | {
      readonly kind: 'creates';
      readonly sends: number;
      /** The key that all of them carry; undefined when they differ. */
      readonly key: string | undefined;
      /** The ticket that a 201 named: until it is listed, no other ticket settles the matter. */
      readonly claimedTicketId?: string;
      /** An answer has lacked that ticket: the 201 counts as unknown. */
      readonly claimUnlisted?: true;
    };

/** All that an order's loop remembers; plain JSON, so that it survives continue-as-new. */
export interface OrderState {
  /** The weakest guarantee seen. */
  readonly guarantee: Guarantee;
  /** An outcome is unknown, or a rejection to be doubted: the guarantee is read again before anything is decided. */
  readonly guaranteeInQuestion: boolean;
  readonly resumed: boolean;
  readonly createAttempts: number;
  /** The latest deadline that a create, sent by whatever run, can have. */
  readonly lastDeadlineMs?: number;
  readonly doubt?: Doubt;
  /** Some create's outcome was never found out: with guarantee `none` it may still commit. */
  readonly stayedUnknown: boolean;
  /** This run has seen that no ticket existed and none could come. */
  readonly absenceProven: boolean;
  readonly rejection?: { readonly code: string; readonly reason: string };
  readonly cancelRequested: boolean;
  readonly seen: SeenTickets;
  /** No create before this time. */
  readonly notBeforeMs: number;
  /** Looks since the last create, for the growing pauses. */
  readonly looks: number;
  /** Late looks taken before closing without a ticket. */
  readonly lateLooks: number;
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
  readonly intervals: Intervals;
}): OrderState {
  const state: OrderState = {
    guarantee: run.guarantee,
    guaranteeInQuestion: false,
    resumed: run.resumed,
    createAttempts: 0,
    stayedUnknown: false,
    absenceProven: false,
    cancelRequested: false,
    seen: { ticketIds: [], voidedTicketIds: [] },
    notBeforeMs: 0,
    looks: 0,
    lateLooks: 0,
    voidRounds: 0,
    backOffs: 0,
  };
  if (!run.resumed) return state;
  const { createDeadlineMs, clockSkewMs } = run.intervals;
  return {
    ...state,
    lastDeadlineMs: deadlineOfEarlierRun(run.startedAtMs, createDeadlineMs, clockSkewMs),
    doubt: { kind: 'earlier run' },
  };
}

/** The fence of everything sent so far; undefined when nothing was. */
export function fenceOfState(state: OrderState, intervals: Intervals): number | undefined {
  return state.lastDeadlineMs === undefined
    ? undefined
    : fenceOf(state.lastDeadlineMs, state.guarantee, intervals.settleMs);
}

/** Takes a create into account before it is sent: should nothing more be heard of it, it is in doubt. */
export function withCreateSent(state: OrderState, deadlineMs: number, key: string): OrderState {
  const open = state.doubt?.kind === 'creates' ? state.doubt : undefined;
  return {
    ...state,
    createAttempts: state.createAttempts + 1,
    lastDeadlineMs: Math.max(deadlineMs, state.lastDeadlineMs ?? 0),
    doubt: {
      ...open,
      kind: 'creates',
      sends: (open?.sends ?? 0) + 1,
      key: open === undefined || open.key === key ? key : undefined,
    },
    looks: 0,
  };
}

/** Takes the outcome of a create into account. `before` is the state before it was sent. */
export function withOutcome(sent: OrderState, outcome: CreateOutcome, before: OrderState): OrderState {
  switch (outcome.kind) {
    case 'committed':
      // A ticket that was there before the send is not what this create made: nothing is known of that.
      if (before.seen.ticketIds.includes(outcome.ticketId)) return { ...sent, guaranteeInQuestion: true };
      return sent.doubt?.kind === 'creates'
        ? { ...sent, doubt: { ...sent.doubt, claimedTicketId: outcome.ticketId } }
        : sent;
    case 'not sent':
      return { ...before, createAttempts: sent.createAttempts };
    case 'rejected':
      return { ...sent, rejection: { code: outcome.code, reason: outcome.reason }, guaranteeInQuestion: true };
    case 'unknown':
      return { ...sent, guaranteeInQuestion: true };
  }
}

/** Takes into account that the guarantee was read again: the weakest seen rules the order. */
export function withGuarantee(state: OrderState, guarantee: Guarantee): OrderState {
  return { ...state, guarantee: weakestGuarantee(state.guarantee, guarantee), guaranteeInQuestion: false };
}

/** Takes a whole answer into account: what it shows, and which doubt it ends. */
export function withAnswer(state: OrderState, answer: TicketList, intervals: Intervals): OrderState {
  const pastFence = isPastFence(answer.asOfMs, fenceOfState(state, intervals), intervals.clockSkewMs);
  if (isClaimUnlisted(state, answer)) return withClaimUnlisted(state, answer);
  const found = presenceSettles(state, answer);
  const { doubt, ...settled } = state;
  return {
    ...(doubt !== undefined && !pastFence && !found ? state : settled),
    stayedUnknown: state.stayedUnknown || (doubt?.kind === 'creates' && pastFence && !found && !isOnlyRejected(state)),
    absenceProven: state.absenceProven || (pastFence && liveTickets(answer.tickets).length === 0),
    seen: seenWith(state.seen, answer),
  };
}

/** A 201 named a ticket that this answer, the first one since, lacks. */
function isClaimUnlisted({ doubt }: OrderState, { tickets }: TicketList): boolean {
  return (
    doubt?.kind === 'creates' &&
    doubt.claimedTicketId !== undefined &&
    doubt.claimUnlisted !== true &&
    !tickets.some(({ ticketId }) => ticketId === doubt.claimedTicketId)
  );
}

/** The 201 counts as unknown: the guarantee is read again before any answer settles the doubt. */
function withClaimUnlisted(state: OrderState, answer: TicketList): OrderState {
  if (state.doubt?.kind !== 'creates') return state;
  return {
    ...state,
    doubt: { ...state.doubt, claimUnlisted: true },
    guaranteeInQuestion: true,
    seen: seenWith(state.seen, answer),
  };
}

function seenWith(seen: SeenTickets, { tickets }: TicketList): SeenTickets {
  return {
    ticketIds: union(seen.ticketIds, tickets),
    voidedTicketIds: union(
      seen.voidedTicketIds,
      tickets.filter((ticket) => ticket.voided),
    ),
  };
}

/**
 * Whether the tickets listed end the doubt before the fence: a single create in doubt is the only one that can still
 * commit, so a ticket is its ticket; several creates can only share one if they share a key that the service honours.
 */
function presenceSettles({ doubt, guarantee }: OrderState, { tickets }: TicketList): boolean {
  if (doubt?.kind !== 'creates') return false;
  const oneTicketAtMost = doubt.sends === 1 || (guarantee === 'idempotency-key' && doubt.key !== undefined);
  if (!oneTicketAtMost) return false;
  return doubt.claimedTicketId === undefined
    ? liveTickets(tickets).length > 0
    : tickets.some(({ ticketId }) => ticketId === doubt.claimedTicketId);
}

/** A single create that the service rejected: its outcome is known once the fence has passed. */
function isOnlyRejected({ rejection, doubt }: OrderState): boolean {
  return rejection !== undefined && doubt?.kind === 'creates' && doubt.sends === 1;
}

function union(ids: readonly string[], tickets: TicketList['tickets']): readonly string[] {
  return [...new Set([...ids, ...tickets.map(({ ticketId }) => ticketId)])];
}
