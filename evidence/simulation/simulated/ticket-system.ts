import type { CreateExchange, Guarantee, ListedItem } from 'exactly-one';
import type { decideCommit, decideVoid } from '../../../src/services/ticket-system/commit-decision.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { Clocks } from './clocks.ts';

export const ORDER = { orderId: 'order-1', reservationId: 'R-1' } as const;

/** A ticket as it truly is. */
export interface TrueItem extends ListedItem {
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
  readonly itemId: string;
  readonly keep: string | null;
  readonly deadlineMs?: number;
}

/** What the service is told of each thing that it does, under its lock. */
export interface Witness {
  createDecided(create: CreateArriving, nowMs: number, ticket: TrueItem | undefined, answer: CreateExchange): void;
  committed(ticket: TrueItem): void;
  /** @param before all items as they were until then */
  voided(itemId: string, keep: string | null, before: readonly TrueItem[]): void;
}

interface State {
  readonly sinceMs: number;
  readonly items: readonly TrueItem[];
  /** By the service's clock. */
  readonly newestRecordMs: number;
}

export type SimulatedTicketSystem = ReturnType<typeof createTicketSystem>;

/** A ticket system in memory, which commits and voids by the decisions of `packages/exactly-one/src`. */
export function createTicketSystem(options: {
  readonly scenario: Pick<Scenario, 'guarantee' | 'before'>;
  readonly clocks: Clocks;
  /** True time. */
  readonly now: () => number;
  readonly witness: Witness;
  readonly decide: { readonly commit: typeof decideCommit; readonly void: typeof decideVoid };
}) {
  const { scenario, clocks, now, witness, decide } = options;
  const guarantee: Guarantee = scenario.guarantee;
  const states: State[] = [firstState(scenario, clocks)];
  const current = () => states.at(-1) ?? firstState(scenario, clocks);
  const nowMs = () => Math.max(clocks.read('service'), current().newestRecordMs);
  const change = (items: readonly TrueItem[]) => {
    states.push({ sinceMs: now(), items, newestRecordMs: nowMs() });
  };

  return {
    create(create: CreateArriving): CreateExchange {
      const { items } = current();
      const timeMs = nowMs();
      const committed = items.flatMap(({ idempotencyKey, fingerprint, itemId }) =>
        idempotencyKey === undefined ? [] : [{ idempotencyKey, fingerprint, ticketId: itemId }],
      );
      const decision = decide.commit({ ...create, guarantee, nowMs: timeMs, committed });
      let made: TrueItem | undefined;
      if (decision.kind === 'commit') {
        made = ticketOf(create, guarantee, items.length, timeMs);
        change([...items, made]);
      }
      const answer = responseOf(decision, made);
      witness.createDecided(create, timeMs, made, answer);
      if (made !== undefined) witness.committed(made);
      return answer;
    },

    /** @returns `voided`, or the code of the refusal */
    voidItem(request: VoidArriving): string {
      const { items } = current();
      const decision = decide.void({
        ...request,
        ticketId: request.itemId,
        nowMs: nowMs(),
        tickets: items.map(({ itemId, voided }) => ({ ticketId: itemId, voided })),
      });
      if (decision.kind === 'refuse') return decision.code;
      if (decision.kind === 'void') {
        change(items.map((each) => (each.itemId === request.itemId ? { ...each, voided: true } : each)));
        witness.voided(request.itemId, request.keep, items);
      }
      return 'voided';
    },

    /** Somebody who may do anything takes a ticket out of circulation. */
    takeAway(itemId: string): void {
      change(current().items.map((each) => (each.itemId === itemId ? { ...each, voided: true } : each)));
    },

    /** The state as it is, or as it was `staleMs` ago, with the time that the service's clock showed then. */
    read(staleMs: number): { readonly items: readonly TrueItem[]; readonly asOfMs: number } {
      const atMs = now() - staleMs;
      const state = states.findLast(({ sinceMs }) => sinceMs <= atMs) ?? current();
      return { items: state.items, asOfMs: Math.max(clocks.read('service', atMs), state.newestRecordMs) };
    },

    items: (): readonly TrueItem[] => current().items,
    live: (): readonly TrueItem[] => current().items.filter(({ voided }) => !voided),
  };
}

function firstState({ before }: Pick<Scenario, 'before'>, clocks: Clocks): State {
  const startMs = clocks.read('service', 0);
  const items = before.map(({ agoMs, voided }, index): TrueItem => {
    const itemId = idOf(index);
    return { ...ORDER, itemId, createdAtMs: startMs - agoMs, voided, byRun: undefined, fingerprint: 'same' };
  });
  return { sinceMs: Number.NEGATIVE_INFINITY, items, newestRecordMs: 0 };
}

/** Later items have smaller ids, so that of two from one moment the later one is the keeper. */
function idOf(index: number): string {
  return `T${99 - index}`;
}

function ticketOf(create: CreateArriving, guarantee: Guarantee, index: number, nowMs: number): TrueItem {
  const { byRun, idempotencyKey, fingerprint } = create;
  return {
    ...ORDER,
    itemId: idOf(index),
    createdAtMs: nowMs,
    voided: false,
    byRun,
    fingerprint,
    ...(guarantee === 'idempotency-key' && idempotencyKey !== undefined ? { idempotencyKey } : {}),
  };
}

function responseOf(decision: ReturnType<typeof decideCommit>, made: TrueItem | undefined): CreateExchange {
  if (decision.kind === 'refuse') {
    return { kind: 'response', status: decision.code === 'DEADLINE_PASSED' ? 408 : 422, errorCode: decision.code };
  }
  const itemId = decision.kind === 'replay' ? decision.ticketId : String(made?.itemId);
  return { kind: 'response', status: 201, item: { ...ORDER, itemId } };
}
