import type { Guarantee } from 'exactly-one';
import type { FastifyBaseLogger } from 'fastify';
import { maskCardNumbers } from '../../contracts/card-numbers.ts';
import type { ReservationAnswer, TicketAnswer, TicketListAnswer } from '../../contracts/ticket-system.ts';
import { createOnce } from '../../resilience/create-once.ts';
import { decideCommit, decideVoid } from './commit-decision.ts';
import { commitTicket, type DiskFault } from './commit-ticket.ts';
import { withCrashPoints } from './creation-crash-points.ts';
import type { Ids } from './ids.ts';
import type { Database } from './open-database.ts';
import type { OrderLock } from './order-lock.ts';
import { type ReservationRecord, timeOf } from './records.ts';
import { refusal } from './refusals.ts';
import type { ServiceClock } from './service-clock.ts';
import {
  newestRecordMs,
  olderTicketListAnswer,
  protocolTickets,
  ticketAnswer,
  ticketListAnswer,
} from './ticket-answers.ts';
import { committedWithKey, findTicket, fingerprintOf, ticketRecord } from './ticket-records.ts';
import type { StoredTicket } from './ticket-store.ts';

export interface CreateRequest {
  readonly reservation: ReservationRecord;
  readonly paymentInfo: string;
  readonly requestId: string;
  readonly deadlineMs?: number;
  readonly idempotencyKey?: string;
}

export interface VoidRequest {
  readonly orderId: string;
  readonly ticketId: string;
  /** The ticket that stays; null when the order is cancelled. */
  readonly keep: string | null;
  readonly requestId: string;
  readonly deadlineMs?: number;
}

/** What the ticket system does for an order, each thing whole, under the order's lock. */
export interface TicketOffice {
  /** The reservation of an order, made at the first call with the guarantee of that time. */
  reserve(orderId: string, onDisk: DiskFault): Promise<ReservationAnswer>;
  /** @throws HttpProblem when the request comes too late or its key was used for something else */
  create(request: CreateRequest, beforeCommit: DiskFault, afterCommit: DiskFault): Promise<TicketAnswer>;
  list(orderId: string): Promise<TicketListAnswer>;
  /** A stale read: an older state of the order, at least `agoMs` old, with its own `asOf`. */
  listAsItWas(orderId: string, agoMs: number): Promise<TicketListAnswer>;
  /** @throws HttpProblem when the ticket is unknown, its keeper is not live or the deadline has passed */
  voidTicket(request: VoidRequest, onDisk: DiskFault): Promise<TicketAnswer>;
}

export function createTicketOffice(options: {
  database: Database;
  clock: ServiceClock;
  lock: OrderLock;
  ids: Ids;
  /** Of reservations that are made from now on. */
  guarantee: Guarantee;
  log: FastifyBaseLogger;
}): TicketOffice {
  const { database, clock, lock, ids, log } = options;

  /** Runs work under the lock of an order, with what is stored and a time that is not before it. */
  function withTickets<Result>(
    orderId: string,
    work: (stored: readonly StoredTicket[], nowMs: number) => Promise<Result>,
  ): Promise<Result> {
    return lock(orderId, async () => {
      const stored = await database.tickets.read(orderId);
      return work(stored, clock.nowMs(newestRecordMs(stored)));
    });
  }

  return {
    reserve: (orderId, onDisk) =>
      lock(orderId, async () => {
        const { resource } = await createOnce<ReservationRecord>(`reservation of ${orderId}`, {
          exists: () => database.reservations.find(orderId),
          async create() {
            const made = { orderID: orderId, reservationID: ids.reservationId(orderId), guarantee: options.guarantee };
            const steps = withCrashPoints('reservation', orderId, { beforeWrite: onDisk });
            return (await database.reservations.add(made, steps)) === 'exists' ? 'exists' : made;
          },
          log: (decision, resourceId) => log.debug({ orderId }, `${resourceId}: ${decision}`),
        });
        return reservationAnswer(resource);
      }),

    create(request, beforeCommit, afterCommit) {
      const orderId = request.reservation.orderID;
      return withTickets(orderId, async (stored, nowMs) => {
        const paymentInfo = maskCardNumbers(request.paymentInfo);
        const decision = decideCommit({
          ...request,
          guarantee: request.reservation.guarantee,
          nowMs,
          fingerprint: fingerprintOf({ reservationID: request.reservation.reservationID, paymentInfo }),
          committed: committedWithKey(stored),
        });
        if (decision.kind === 'refuse') throw refusal(decision.code);
        if (decision.kind === 'replay') return ticketAnswer(findTicket(stored, decision.ticketId).record, false);
        const record = ticketRecord({ ...request, paymentInfo }, ids.ticketId(), nowMs);
        await commitTicket(database, record, { beforeCommit, afterCommit, log });
        return ticketAnswer(record, false);
      });
    },

    list: (orderId) => withTickets(orderId, async (stored, nowMs) => ticketListAnswer(stored, nowMs)),

    listAsItWas: (orderId, agoMs) =>
      withTickets(orderId, async (stored, nowMs) => olderTicketListAnswer(stored, nowMs, agoMs)),

    voidTicket(request, onDisk) {
      const { orderId, ticketId, keep, requestId } = request;
      return withTickets(orderId, async (stored, nowMs) => {
        const decision = decideVoid({ ...request, nowMs, tickets: protocolTickets(stored) });
        if (decision.kind === 'refuse') throw refusal(decision.code);
        const { record } = findTicket(stored, ticketId);
        if (decision.kind === 'void') {
          const voided = { orderID: orderId, ticketID: ticketId, keep, voidedAt: timeOf(nowMs), requestID: requestId };
          await database.tickets.addVoid(record, voided, withCrashPoints('void', orderId, { beforeWrite: onDisk }));
        }
        return ticketAnswer(record, true);
      });
    },
  };
}

function reservationAnswer({ orderID, reservationID, guarantee }: ReservationRecord): ReservationAnswer {
  return { orderId: orderID, reservationId: reservationID, guarantee };
}
