import type { CreateExchange, ListedItem } from 'exactly-one';
import type { decideCommit, decideVoid } from '../../../src/services/ticket-system/commit-decision.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { MachineClocks } from './virtual-clock.ts';

export const ORDER = { orderId: 'order-1', reservationId: 'R-1' } as const;

export interface StoredTicket extends ListedItem {
  /** The run whose create made it; undefined: it existed before the order started. */
  readonly createdByRun: string | undefined;
  readonly idempotencyKey?: string;
  /** Of the payment: the same key with another fingerprint is another request. */
  readonly fingerprint: string;
}

/** A create as it arrives at the ticket system. */
export interface CreateRequest {
  readonly runId: string;
  readonly deadlineMs?: number;
  readonly idempotencyKey?: string;
  readonly fingerprint: string;
}

/** A void as it arrives at the ticket system. */
export interface VoidRequest {
  readonly itemId: string;
  readonly keep: string | null;
  readonly deadlineMs?: number;
}

/** Notified of everything that the ticket system does, at the moment it does it. */
export interface TicketSystemObserver {
  /** @param ticket undefined when the create was refused or repeats an earlier one */
  createHandled(create: CreateRequest, nowMs: number, ticket: StoredTicket | undefined, response: CreateExchange): void;
  committed(ticket: StoredTicket): void;
  /** @param before all tickets just before the void */
  voided(itemId: string, keep: string | null, before: readonly StoredTicket[]): void;
}

interface State {
  readonly sinceMs: number;
  readonly tickets: readonly StoredTicket[];
  /** By the service's clock. */
  readonly newestRecordMs: number;
}

export type SimulatedTicketSystem = ReturnType<typeof createTicketSystem>;

/** A ticket system in memory, which decides about creates and voids with the functions of the real one. */
export function createTicketSystem(options: {
  readonly scenario: Pick<Scenario, 'guarantee' | 'existingTickets'>;
  readonly clocks: MachineClocks;
  /** True time. */
  readonly now: () => number;
  readonly observer: TicketSystemObserver;
  readonly decideCommit: typeof decideCommit;
  readonly decideVoid: typeof decideVoid;
}) {
  const { scenario, clocks, now, observer } = options;
  const { guarantee } = scenario;
  const states: State[] = [initialState(scenario, clocks)];
  const current = () => states.at(-1) ?? initialState(scenario, clocks);
  const nowMs = () => Math.max(clocks.read('service'), current().newestRecordMs);
  const store = (tickets: readonly StoredTicket[]) => {
    states.push({ sinceMs: now(), tickets, newestRecordMs: nowMs() });
  };
  const storeVoid = (itemId: string) =>
    store(current().tickets.map((each) => (each.itemId === itemId ? { ...each, voided: true } : each)));

  return {
    create(create: CreateRequest): CreateExchange {
      const { tickets } = current();
      const timeMs = nowMs();
      const committed = tickets.flatMap(({ idempotencyKey, fingerprint, itemId }) =>
        idempotencyKey === undefined ? [] : [{ idempotencyKey, fingerprint, ticketId: itemId }],
      );
      const decision = options.decideCommit({ ...create, guarantee, nowMs: timeMs, committed });
      let created: StoredTicket | undefined;
      if (decision.kind === 'commit') {
        created = {
          ...ORDER,
          itemId: ticketId(tickets.length),
          createdAtMs: timeMs,
          voided: false,
          createdByRun: create.runId,
          fingerprint: create.fingerprint,
          ...keyToStore(create, guarantee),
        };
        store([...tickets, created]);
      }
      const response = responseTo(decision, created);
      observer.createHandled(create, timeMs, created, response);
      if (created !== undefined) observer.committed(created);
      return response;
    },

    /** @returns `voided`, or the error code of the refusal */
    voidItem(request: VoidRequest): string {
      const { tickets } = current();
      const decision = options.decideVoid({
        ...request,
        ticketId: request.itemId,
        nowMs: nowMs(),
        tickets: tickets.map(({ itemId, voided }) => ({ ticketId: itemId, voided })),
      });
      if (decision.kind === 'refuse') return decision.code;
      if (decision.kind === 'void') {
        storeVoid(request.itemId);
        observer.voided(request.itemId, request.keep, tickets);
      }
      return 'voided';
    },

    /** Voids a ticket without any of the conditions that a void request must meet. */
    removeTicket: storeVoid,

    /** The state now, or `staleMs` ago, with the time that the service's clock showed then. */
    read(staleMs: number): { readonly items: readonly StoredTicket[]; readonly asOfMs: number } {
      const atMs = now() - staleMs;
      const state = states.findLast(({ sinceMs }) => sinceMs <= atMs) ?? current();
      return { items: state.tickets, asOfMs: Math.max(clocks.read('service', atMs), state.newestRecordMs) };
    },

    tickets: (): readonly StoredTicket[] => current().tickets,
    liveTickets: (): readonly StoredTicket[] => current().tickets.filter(({ voided }) => !voided),
  };
}

function initialState({ existingTickets }: Pick<Scenario, 'existingTickets'>, clocks: MachineClocks): State {
  const startMs = clocks.read('service', 0);
  const tickets = existingTickets.map(
    ({ ageMs, voided }, index): StoredTicket => ({
      ...ORDER,
      itemId: ticketId(index),
      createdAtMs: startMs - ageMs,
      voided,
      createdByRun: undefined,
      fingerprint: SAME_PAYMENT,
    }),
  );
  return { sinceMs: Number.NEGATIVE_INFINITY, tickets, newestRecordMs: 0 };
}

export const SAME_PAYMENT = 'same payment';

/** Later tickets have smaller ids, so that of two tickets created at the same time the later one is the keeper. */
function ticketId(index: number): string {
  return `T${99 - index}`;
}

/** Only a service that honours keys stores them. */
function keyToStore({ idempotencyKey }: CreateRequest, guarantee: Scenario['guarantee']) {
  return guarantee === 'idempotency-key' && idempotencyKey !== undefined ? { idempotencyKey } : {};
}

function responseTo(decision: ReturnType<typeof decideCommit>, created: StoredTicket | undefined): CreateExchange {
  if (decision.kind === 'refuse') {
    return { kind: 'response', status: decision.code === 'DEADLINE_PASSED' ? 408 : 422, errorCode: decision.code };
  }
  const itemId = decision.kind === 'replay' ? decision.ticketId : String(created?.itemId);
  return { kind: 'response', status: 201, item: { ...ORDER, itemId } };
}
