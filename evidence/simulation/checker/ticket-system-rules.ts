import type { CreateExchange } from 'exactly-one';
import type { CreateArriving, TrueItem, Witness } from '../simulated/ticket-system.ts';
import type { CheckedOrder } from './checked-order.ts';

/** Sees all that happens inside the ticket system. */
export function checkService(order: CheckedOrder): Witness {
  const { guarantee, live, liveIds, recordOf, report } = order;
  const keyed = new Map<string, TrueItem>();

  return {
    createDecided(create, nowMs, ticket, answer) {
      if (guarantee === 'none' && ticket === undefined) report('service', 'it promises nothing, and refused a create');
      if (guarantee === 'none') return;
      checkKey(create, ticket, answer);
      if (ticket !== undefined && !(create.deadlineMs !== undefined && nowMs <= create.deadlineMs)) {
        report(
          'service',
          `${ticket.itemId} was committed at ${nowMs}, its deadline is ${create.deadlineMs ?? 'not there'}`,
        );
      }
    },
    committed(ticket) {
      const others = liveIds().filter((itemId) => itemId !== ticket.itemId);
      if (guarantee !== 'none' && others.length > 0) {
        report('two live', `${ticket.itemId} was made beside ${others.join(', ')}`);
      }
      if (ticket.byRun !== undefined && recordOf(ticket.byRun).closedWithoutTicket) {
        report(
          'proven closing',
          `${ticket.itemId} was made by a create of ${ticket.byRun}, which had closed without a ticket`,
        );
      }
    },
    voided(itemId, keep, before) {
      if (!before.some((each) => each.itemId === itemId && !each.voided)) {
        report('service', `a void took ${itemId}, which was not live`);
      }
      if (itemId === order.promised) report('promise', `${itemId}, promised, was voided, keep ${keep}`);
      if (keep !== null && live().length === 0) report('promise', `${itemId}, the only one, was voided, keep ${keep}`);
    },
  };

  function checkKey(
    { idempotencyKey, fingerprint }: CreateArriving,
    made: TrueItem | undefined,
    answer: CreateExchange,
  ) {
    if (guarantee !== 'idempotency-key' || answer.kind !== 'response') return;
    const earlier = idempotencyKey === undefined ? undefined : keyed.get(idempotencyKey);
    if (earlier === undefined) {
      if (made !== undefined && idempotencyKey !== undefined) keyed.set(idempotencyKey, made);
      return;
    }
    const expected = earlier.fingerprint === fingerprint ? earlier.itemId : undefined;
    if (answer.item?.itemId !== expected) {
      report(
        'service',
        `key ${idempotencyKey} gave ${earlier.itemId} before, and now ${answer.item?.itemId ?? answer.status}`,
      );
    }
  }
}
