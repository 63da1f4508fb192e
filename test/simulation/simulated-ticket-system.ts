import type { Guarantee } from '../../src/contracts/guarantee.ts';
import { decideCommit, decideVoid } from '../../src/protocol/commit-decision.ts';
import type { ListedTicket } from '../../src/protocol/whole-answer.ts';

export const ORDER = { orderId: 'order-1', reservationId: 'R-1' } as const;

type Committed = { idempotencyKey: string; fingerprint: string; ticketId: string };

/** A state of the order's tickets, with the service's clock at that moment. */
export interface Snapshot {
  readonly tickets: readonly ListedTicket[];
  readonly asOfMs: number;
}

/** A ticket system in memory that commits by the very decisions of `src/protocol`. */
export function createSimulatedTicketSystem(options: {
  readonly guarantee: Guarantee;
  /** The service's own clock. */
  readonly clockMs: () => number;
  /** Tickets that are there from the beginning. */
  readonly ticketsBefore: number;
  readonly voidedBefore: number;
}) {
  const { guarantee, clockMs, ticketsBefore, voidedBefore } = options;
  let tickets: readonly ListedTicket[] = Array.from({ length: ticketsBefore + voidedBefore }, (_, index) => {
    return { ...ORDER, ticketId: `before-${index}`, createdAtMs: index, voided: index >= ticketsBefore };
  });
  const atFirst = tickets;
  const committed: Committed[] = [];
  const history: { readonly atMs: number; readonly tickets: readonly ListedTicket[] }[] = [];
  const change = (changed: readonly ListedTicket[]) => {
    tickets = changed;
    history.push({ atMs: clockMs(), tickets });
  };

  return {
    guarantee,
    /** @returns the ticket made, or the code of the refusal */
    create(create: { deadlineMs: number; idempotencyKey: string }): { ticketId: string } | { code: string } {
      const nowMs = clockMs();
      const decision = decideCommit({ guarantee, nowMs, fingerprint: 'same', committed, ...create });
      if (decision.kind === 'refuse') return { code: decision.code };
      if (decision.kind === 'replay') return { ticketId: decision.ticketId };
      const ticketId = `T${tickets.length + 1}`;
      committed.push({ idempotencyKey: create.idempotencyKey, fingerprint: 'same', ticketId });
      change([...tickets, { ...ORDER, ticketId, createdAtMs: nowMs, voided: false }]);
      return { ticketId };
    },
    voidTicket(request: { ticketId: string; keep: string | null; deadlineMs: number }): 'voided' | { code: string } {
      const decision = decideVoid({ nowMs: clockMs(), tickets, ...request });
      if (decision.kind === 'refuse') return { code: decision.code };
      change(tickets.map((each) => (each.ticketId === request.ticketId ? { ...each, voided: true } : each)));
      return 'voided';
    },
    /** The state as it is now, or as it was `ageMs` ago. */
    read(ageMs: number): Snapshot {
      const asOfMs = clockMs() - ageMs;
      return { asOfMs, tickets: history.findLast(({ atMs }) => atMs <= asOfMs)?.tickets ?? atFirst };
    },
    voided: (): readonly string[] => tickets.filter(({ voided }) => voided).map(({ ticketId }) => ticketId),
    live: (): readonly string[] => tickets.filter(({ voided }) => !voided).map(({ ticketId }) => ticketId),
  };
}

export type SimulatedTicketSystem = ReturnType<typeof createSimulatedTicketSystem>;
