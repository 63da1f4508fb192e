import type { AcceptedOperation, ListedItem } from 'exactly-one';
import type { HttpExchange } from 'exactly-one/http';
import type { decideCommit, decideVoid } from '../../../src/services/ticket-system/commit-decision.ts';
import type { PlannedAcceptance } from '../scenario/planned-requests.ts';
import { finishedByMs, type Scenario } from '../scenario/scenario.ts';
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
  createHandled(create: CreateRequest, nowMs: number, ticket: StoredTicket | undefined, response: HttpExchange): void;
  /** A create that was accepted before has been finished. */
  finished(create: CreateRequest, nowMs: number, operation: AcceptedOperation, ticket: StoredTicket): void;
  committed(ticket: StoredTicket): void;
  /** @param before all tickets just before the void */
  voided(itemId: string, keep: string | null, before: readonly StoredTicket[]): void;
}

/** A create that the service has accepted and not finished. */
interface Operation extends AcceptedOperation {
  readonly create: CreateRequest;
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
  readonly scenario: Pick<Scenario, 'guarantee' | 'timings' | 'existingTickets'>;
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

  const operations = new Map<string, Operation>();
  let accepted = 0;

  const storeTicket = (create: CreateRequest): StoredTicket => {
    const { tickets } = current();
    const created = {
      ...ORDER,
      itemId: ticketId(tickets.length),
      createdAtMs: nowMs(),
      voided: false,
      createdByRun: create.runId,
      fingerprint: create.fingerprint,
      ...keyToStore(create, guarantee),
    };
    store([...tickets, created]);
    return created;
  };
  const accept = (create: CreateRequest, { statesReadyAfterMs }: PlannedAcceptance): Operation => {
    accepted += 1;
    const stated = statesReadyAfterMs === undefined ? {} : { readyAtMs: nowMs() + statesReadyAfterMs };
    const operation = { create, reference: `operation-${accepted}`, ...stated };
    operations.set(operation.reference, operation);
    return operation;
  };

  return {
    /**
     * @param acceptance the create is only accepted; default: it is finished at once
     * @returns the response, and what is still to be finished
     */
    create(create: CreateRequest, acceptance?: PlannedAcceptance) {
      const timeMs = nowMs();
      const committed = current().tickets.flatMap(({ idempotencyKey, fingerprint, itemId }) =>
        idempotencyKey === undefined ? [] : [{ idempotencyKey, fingerprint, ticketId: itemId }],
      );
      // A key belongs to its create from the moment it is accepted.
      const underWay = [...operations.values()].flatMap(({ create: { idempotencyKey, fingerprint }, reference }) =>
        guarantee === 'idempotency-key' && idempotencyKey !== undefined
          ? [{ idempotencyKey, fingerprint, ticketId: reference }]
          : [],
      );
      const decision = options.decideCommit({
        ...create,
        guarantee,
        nowMs: timeMs,
        committed: [...committed, ...underWay],
      });
      const commits = decision.kind === 'commit';
      const created = commits && acceptance === undefined ? storeTicket(create) : undefined;
      const toFinish = commits && acceptance !== undefined ? accept(create, acceptance) : undefined;
      const operation = decision.kind === 'replay' ? operations.get(decision.ticketId) : toFinish;
      const response = operation === undefined ? responseTo(decision, created) : acceptedResponse(operation);
      observer.createHandled(create, timeMs, created, response);
      if (created !== undefined) observer.committed(created);
      return { response, toFinish };
    },

    /** Finishes an accepted create, or drops it: a service with a guarantee finishes none too late. */
    finish(operation: Operation): void {
      operations.delete(operation.reference);
      const { create, readyAtMs } = operation;
      const latestMs = finishedByMs(scenario.timings, { deadlineMs: create.deadlineMs ?? 0, readyAtMs });
      if (guarantee !== 'none' && nowMs() > latestMs) return;
      const created = storeTicket(create);
      observer.finished(create, created.createdAtMs, operation, created);
      observer.committed(created);
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

function acceptedResponse({ reference, readyAtMs }: Operation): HttpExchange {
  const operation = { reference, ...(readyAtMs === undefined ? {} : { readyAtMs }) };
  return { kind: 'response', status: 202, operation };
}

function responseTo(decision: ReturnType<typeof decideCommit>, created: StoredTicket | undefined): HttpExchange {
  if (decision.kind === 'refuse') {
    return { kind: 'response', status: decision.code === 'DEADLINE_PASSED' ? 408 : 422, errorCode: decision.code };
  }
  const itemId = decision.kind === 'replay' ? decision.ticketId : String(created?.itemId);
  return { kind: 'response', status: 201, item: { ...ORDER, itemId } };
}
