import type { CreateExchange, Guarantee, ListedTicket } from 'exactly-one';
import type { decideCommit, decideVoid } from '../../src/services/ticket-system/commit-decision.ts';
import type { Clocks } from './clocks.ts';
import type { Story } from './story.ts';

export const ORDER = { orderId: 'order-1', reservationId: 'R-1' } as const;

/** A ticket as it truly is. */
export interface TrueTicket extends ListedTicket {
  /** The run whose create made it; undefined: it was there before. */
  readonly byRun: string | undefined;
  readonly idempotencyKey?: string;
  readonly fingerprint: string;
}

export interface CreateArriving {
  readonly byRun: string;
  readonly deadlineMs?: number;
  readonly idempotencyKey?: string;
  readonly fingerprint: string;
}

export interface VoidArriving {
  readonly ticketId: string;
  readonly keep: string | null;
  readonly deadlineMs?: number;
}

/** What the service is told of each thing that it does, under its lock. */
export interface Witness {
  createDecided(create: CreateArriving, nowMs: number, ticket: TrueTicket | undefined, answer: CreateExchange): void;
  committed(ticket: TrueTicket): void;
  /** @param before all tickets as they were until then */
  voided(ticketId: string, keep: string | null, before: readonly TrueTicket[]): void;
}

interface State {
  readonly sinceMs: number;
  readonly tickets: readonly TrueTicket[];
  /** By the service's clock. */
  readonly newestRecordMs: number;
}

export type SimulatedTicketSystem = ReturnType<typeof createTicketSystem>;

/** A ticket system in memory, which commits and voids by the decisions of `packages/exactly-one/src`. */
export function createTicketSystem(options: {
  readonly story: Pick<Story, 'guarantee' | 'before'>;
  readonly clocks: Clocks;
  /** True time. */
  readonly now: () => number;
  readonly witness: Witness;
  readonly decide: { readonly commit: typeof decideCommit; readonly void: typeof decideVoid };
}) {
  const { story, clocks, now, witness, decide } = options;
  const guarantee: Guarantee = story.guarantee;
  const states: State[] = [firstState(story, clocks)];
  const current = () => states.at(-1) ?? firstState(story, clocks);
  const nowMs = () => Math.max(clocks.read('service'), current().newestRecordMs);
  const change = (tickets: readonly TrueTicket[]) => {
    states.push({ sinceMs: now(), tickets, newestRecordMs: nowMs() });
  };

  return {
    create(create: CreateArriving): CreateExchange {
      const { tickets } = current();
      const timeMs = nowMs();
      const committed = tickets.flatMap(({ idempotencyKey, fingerprint, ticketId }) =>
        idempotencyKey === undefined ? [] : [{ idempotencyKey, fingerprint, ticketId }],
      );
      const decision = decide.commit({ ...create, guarantee, nowMs: timeMs, committed });
      let made: TrueTicket | undefined;
      if (decision.kind === 'commit') {
        made = ticketOf(create, guarantee, tickets.length, timeMs);
        change([...tickets, made]);
      }
      const answer = answerOf(decision, made);
      witness.createDecided(create, timeMs, made, answer);
      if (made !== undefined) witness.committed(made);
      return answer;
    },

    /** @returns `voided`, or the code of the refusal */
    voidTicket(request: VoidArriving): string {
      const { tickets } = current();
      const decision = decide.void({ ...request, nowMs: nowMs(), tickets });
      if (decision.kind === 'refuse') return decision.code;
      if (decision.kind === 'void') {
        change(tickets.map((each) => (each.ticketId === request.ticketId ? { ...each, voided: true } : each)));
        witness.voided(request.ticketId, request.keep, tickets);
      }
      return 'voided';
    },

    /** Somebody who may do anything takes a ticket out of circulation. */
    takeAway(ticketId: string): void {
      change(current().tickets.map((each) => (each.ticketId === ticketId ? { ...each, voided: true } : each)));
    },

    /** The state as it is, or as it was `staleMs` ago, with the time that the service's clock showed then. */
    read(staleMs: number): { readonly tickets: readonly TrueTicket[]; readonly asOfMs: number } {
      const atMs = now() - staleMs;
      const state = states.findLast(({ sinceMs }) => sinceMs <= atMs) ?? current();
      return { tickets: state.tickets, asOfMs: Math.max(clocks.read('service', atMs), state.newestRecordMs) };
    },

    tickets: (): readonly TrueTicket[] => current().tickets,
    live: (): readonly TrueTicket[] => current().tickets.filter(({ voided }) => !voided),
  };
}

function firstState({ before }: Pick<Story, 'before'>, clocks: Clocks): State {
  const startMs = clocks.read('service', 0);
  const tickets = before.map(({ agoMs, voided }, index): TrueTicket => {
    const ticketId = idOf(index);
    return { ...ORDER, ticketId, createdAtMs: startMs - agoMs, voided, byRun: undefined, fingerprint: 'same' };
  });
  return { sinceMs: Number.NEGATIVE_INFINITY, tickets, newestRecordMs: 0 };
}

/** Later tickets have smaller ids, so that of two from one moment the later one is the keeper. */
function idOf(index: number): string {
  return `T${99 - index}`;
}

function ticketOf(create: CreateArriving, guarantee: Guarantee, index: number, nowMs: number): TrueTicket {
  const { byRun, idempotencyKey, fingerprint } = create;
  return {
    ...ORDER,
    ticketId: idOf(index),
    createdAtMs: nowMs,
    voided: false,
    byRun,
    fingerprint,
    ...(guarantee === 'idempotency-key' && idempotencyKey !== undefined ? { idempotencyKey } : {}),
  };
}

function answerOf(decision: ReturnType<typeof decideCommit>, made: TrueTicket | undefined): CreateExchange {
  if (decision.kind === 'refuse') {
    return { kind: 'answer', status: decision.code === 'DEADLINE_PASSED' ? 408 : 422, errorCode: decision.code };
  }
  const ticketId = decision.kind === 'replay' ? decision.ticketId : String(made?.ticketId);
  return { kind: 'answer', status: 201, ticket: { ...ORDER, ticketId } };
}
