import type { CreateExchange } from 'exactly-one';
import type { CreateArriving, TrueTicket, Witness } from '../ticket-system.ts';
import type { CheckedOrder } from './checked-order.ts';

/** Sees all that happens inside the ticket system. */
export function checkService(order: CheckedOrder): Witness {
  const { guarantee, live, liveIds, recordOf, report } = order;
  const keyed = new Map<string, TrueTicket>();

  return {
    createDecided(create, nowMs, ticket, answer) {
      if (guarantee === 'none' && ticket === undefined) report('service', 'it promises nothing, and refused a create');
      if (guarantee === 'none') return;
      checkKey(create, ticket, answer);
      if (ticket !== undefined && !(create.deadlineMs !== undefined && nowMs <= create.deadlineMs)) {
        report(
          'service',
          `${ticket.ticketId} was committed at ${nowMs}, its deadline is ${create.deadlineMs ?? 'not there'}`,
        );
      }
    },
    committed(ticket) {
      const others = liveIds().filter((ticketId) => ticketId !== ticket.ticketId);
      if (guarantee !== 'none' && others.length > 0) {
        report('two live', `${ticket.ticketId} was made beside ${others.join(', ')}`);
      }
      if (ticket.byRun !== undefined && recordOf(ticket.byRun).closedWithoutTicket) {
        report(
          'proven closing',
          `${ticket.ticketId} was made by a create of ${ticket.byRun}, which had closed without a ticket`,
        );
      }
    },
    voided(ticketId, keep, before) {
      if (!before.some((each) => each.ticketId === ticketId && !each.voided)) {
        report('service', `a void took ${ticketId}, which was not live`);
      }
      if (ticketId === order.promised) report('promise', `${ticketId}, promised, was voided, keep ${keep}`);
      if (keep !== null && live().length === 0)
        report('promise', `${ticketId}, the only one, was voided, keep ${keep}`);
    },
  };

  function checkKey(
    { idempotencyKey, fingerprint }: CreateArriving,
    made: TrueTicket | undefined,
    answer: CreateExchange,
  ) {
    if (guarantee !== 'idempotency-key' || answer.kind !== 'answer') return;
    const earlier = idempotencyKey === undefined ? undefined : keyed.get(idempotencyKey);
    if (earlier === undefined) {
      if (made !== undefined && idempotencyKey !== undefined) keyed.set(idempotencyKey, made);
      return;
    }
    const expected = earlier.fingerprint === fingerprint ? earlier.ticketId : undefined;
    if (answer.ticket?.ticketId !== expected) {
      report(
        'service',
        `key ${idempotencyKey} gave ${earlier.ticketId} before, and now ${answer.ticket?.ticketId ?? answer.status}`,
      );
    }
  }
}
