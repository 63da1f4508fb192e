import type { Guarantee } from 'exactly-one';

/** What a ticket system knows, under the lock of the order, when it decides about a create. */
export interface CreateSituation {
  readonly guarantee: Guarantee;
  /** The service's clock, read inside the lock. */
  readonly nowMs: number;
  readonly deadlineMs?: number | undefined;
  readonly idempotencyKey?: string | undefined;
  /** Masked payment and reservation: what makes two bodies the same. */
  readonly fingerprint: string;
  /** Creates of this order that were committed with a key. */
  readonly committed: readonly { idempotencyKey: string; fingerprint: string; ticketId: string }[];
}

export type CommitDecision =
  | { readonly kind: 'commit' }
  | { readonly kind: 'replay'; readonly ticketId: string }
  | { readonly kind: 'refuse'; readonly code: 'IDEMPOTENCY_KEY_REUSED' | 'DEADLINE_PASSED' };

/** Whether a create may commit. It must be asked, and obeyed, inside one lock of the order. */
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

/** A ticket as a decision about a void sees it. */
export interface DecidedTicket {
  readonly ticketId: string;
  readonly voided: boolean;
}

export interface VoidSituation {
  readonly nowMs: number;
  readonly tickets: readonly DecidedTicket[];
  readonly ticketId: string;
  /** The ticket that stays; null when the whole order is cancelled. */
  readonly keep: string | null;
  readonly deadlineMs?: number | undefined;
}

export type VoidDecision =
  | { readonly kind: 'void' }
  | { readonly kind: 'already voided' }
  | { readonly kind: 'refuse'; readonly code: 'TICKET_UNKNOWN' | 'KEEPER_NOT_LIVE' | 'DEADLINE_PASSED' };

/**
 * Whether a void may commit. A surplus ticket goes only while its keeper is live, so two voids that name each other
 * can never take both; a cancelling void has no keeper and ends by its deadline, so it cannot reach into a later run.
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

/** A request without a deadline can never be told to be in time. */
function isTooLate(nowMs: number, deadlineMs: number | undefined): boolean {
  return deadlineMs === undefined || nowMs > deadlineMs;
}
