import type { HttpExchange } from 'exactly-one/http';
import { finishedByMs } from '../scenario/scenario.ts';
import type { CreateRequest, StoredTicket, TicketSystemObserver } from '../simulated/ticket-system.ts';
import type { OrderRecord } from './records.ts';

/** Whether the ticket system keeps its guarantee, and what the requests it receives do to its tickets. */
export function ticketSystemRules(order: OrderRecord): TicketSystemObserver {
  const { guarantee, timings, liveTickets, liveIds, recordOf, report } = order;
  const ticketByKey = new Map<string, StoredTicket>();

  return {
    createHandled(create, nowMs, ticket, response) {
      if (guarantee === 'none') {
        const isAccepted = response.kind === 'response' && response.status === 202;
        if (ticket === undefined && !isAccepted) report('service', 'it refused a create although it has no guarantee');
        return;
      }
      checkKey(create, ticket, response);
      if (ticket !== undefined && !(create.deadlineMs !== undefined && nowMs <= create.deadlineMs)) {
        report(
          'service',
          `it committed ${ticket.itemId} at ${nowMs}; the deadline was ${create.deadlineMs ?? 'missing'}`,
        );
      }
    },

    finished({ idempotencyKey, deadlineMs = 0 }, nowMs, { readyAtMs }, ticket) {
      if (guarantee === 'idempotency-key' && idempotencyKey !== undefined) ticketByKey.set(idempotencyKey, ticket);
      const latestMs = finishedByMs(timings, { deadlineMs, readyAtMs });
      if (guarantee !== 'none' && nowMs > latestMs) {
        report('service', `it finished ${ticket.itemId} at ${nowMs}; it was due at ${latestMs}`);
      }
    },

    committed({ itemId, createdByRun }) {
      const others = liveIds().filter((each) => each !== itemId);
      if (guarantee !== 'none' && others.length > 0) {
        report('two live', `${itemId} was created while ${others.join(', ')} was live`);
      }
      if (createdByRun !== undefined && recordOf(createdByRun).closedWithoutTicket) {
        report('proven closing', `${itemId} was created by ${createdByRun}, which had closed without a ticket`);
      }
    },

    voided(itemId, keep, before) {
      if (!before.some((each) => each.itemId === itemId && !each.voided)) {
        report('service', `it voided ${itemId}, which was not live`);
      }
      if (itemId === order.promised) report('promise', `${itemId}, which is promised, was voided`);
      if (keep !== null && liveTickets().length === 0) {
        report('promise', `${itemId}, the only live ticket, was voided to keep ${keep}`);
      }
    },
  };

  function checkKey(
    { idempotencyKey, fingerprint }: CreateRequest,
    created: StoredTicket | undefined,
    response: HttpExchange,
  ) {
    if (guarantee !== 'idempotency-key' || response.kind !== 'response') return;
    const earlier = idempotencyKey === undefined ? undefined : ticketByKey.get(idempotencyKey);
    if (earlier === undefined) {
      if (created !== undefined && idempotencyKey !== undefined) ticketByKey.set(idempotencyKey, created);
      return;
    }
    const expected = earlier.fingerprint === fingerprint ? earlier.itemId : undefined;
    if (response.item?.itemId !== expected) {
      const now = response.item?.itemId ?? response.status;
      report('service', `key ${idempotencyKey} returned ${earlier.itemId} before, and returns ${now} now`);
    }
  }
}
