import type { Guarantee } from 'exactly-one';

/** What a ticket system knows, under the lock of the order, when it decides whether a create commits. */
export interface CreateSituation {
  readonly guarantee: Guarantee;
  /** The service's clock, read under the lock. */
  readonly nowMs: number;
  readonly deadlineMs?: number | undefined;
  readonly idempotencyKey?: string | undefined;
  /** Computed from the reservation and the masked payment info: equal for requests with equal bodies. */
  readonly fingerprint: string;
  /** Creates of this order that were committed with a key. */
  readonly committed: readonly { idempotencyKey: string; fingerprint: string; ticketId: string }[];
}

export type CommitDecision =
  | { readonly kind: 'commit' }
  | { readonly kind: 'replay'; readonly ticketId: string }
  | { readonly kind: 'refuse'; readonly code: 'IDEMPOTENCY_KEY_REUSED' | 'DEADLINE_PASSED' };

/** Decides whether a create may commit. The lock of the order must be held from this decision to the commit. */
export function decideCommit(create: CreateSituation): CommitDecision {
  if (create.guarantee === 'none') return { kind: 'commit' };
  if (create.guarantee === 'idempotency-key') {
    const earlier = create.committed.find((ticket) => ticket.idempotencyKey === create.idempotencyKey);
    if (earlier !== undefined) {
      return earlier.fingerprint === create.fingerprint
        ? { kind: 'replay', ticketId: earlier.ticketId }
        : { kind: 'refuse', code: 'IDEMPOTENCY_KEY_REUSED' };
    }
  }
  return isTooLate(create.nowMs, create.deadlineMs) ? { kind: 'refuse', code: 'DEADLINE_PASSED' } : { kind: 'commit' };
}

/** What a decision about a void needs to know about a ticket. */
export interface DecidedTicket {
  readonly ticketId: string;
  readonly voided: boolean;
}

/** What a ticket system knows, under the lock of the order, when it decides whether a void commits. */
export interface VoidSituation {
  /** The service's clock, read under the lock. */
  readonly nowMs: number;
  readonly tickets: readonly DecidedTicket[];
  readonly ticketId: string;
  /** The ticket that stays; null if the order is cancelled. */
  readonly keep: string | null;
  readonly deadlineMs?: number | undefined;
}

export type VoidDecision =
  | { readonly kind: 'void' }
  | { readonly kind: 'already voided' }
  | { readonly kind: 'refuse'; readonly code: 'TICKET_UNKNOWN' | 'KEEPER_NOT_LIVE' | 'DEADLINE_PASSED' };

/**
 * Decides whether a void may commit. A surplus ticket is voided only while its keeper is live, so two voids that name
 * each other as keeper can never void both tickets. A void that cancels has no keeper but a deadline, so it cannot
 * affect a later run of the order.
 */
export function decideVoid(request: VoidSituation): VoidDecision {
  const ticket = request.tickets.find(({ ticketId }) => ticketId === request.ticketId);
  if (ticket === undefined) return { kind: 'refuse', code: 'TICKET_UNKNOWN' };
  if (ticket.voided) return { kind: 'already voided' };
  if (request.keep === null) {
    return isTooLate(request.nowMs, request.deadlineMs)
      ? { kind: 'refuse', code: 'DEADLINE_PASSED' }
      : { kind: 'void' };
  }
  const keeperIsLive = request.tickets.some(({ ticketId, voided }) => ticketId === request.keep && !voided);
  return keeperIsLive && request.keep !== request.ticketId
    ? { kind: 'void' }
    : { kind: 'refuse', code: 'KEEPER_NOT_LIVE' };
}

/** A request without a deadline is always too late. */
function isTooLate(nowMs: number, deadlineMs: number | undefined): boolean {
  return deadlineMs === undefined || nowMs > deadlineMs;
}
