import type { Guarantee } from 'exactly-one';
import type { FastifyBaseLogger } from 'fastify';
import { maskCardNumbers } from '../../contracts/card-numbers.ts';
import type { ReservationResponse, TicketListResponse, TicketResponse } from '../../contracts/ticket-system.ts';
import { decideCommit, decideVoid } from './commit-decision.ts';
import { commitTicket, type DiskFault } from './commit-ticket.ts';
import { withFailpoints } from './creation-failpoints.ts';
import type { Ids } from './ids.ts';
import type { Database } from './open-database.ts';
import type { OrderLock } from './order-lock.ts';
import { type ReservationRecord, timeOf } from './records.ts';
import { refusal } from './refusals.ts';
import type { ServiceClock } from './service-clock.ts';
import { committedWithKey, findTicket, fingerprintOf, ticketRecord } from './ticket-records.ts';
import {
  decidedTickets,
  newestRecordMs,
  olderTicketListResponse,
  ticketListResponse,
  ticketResponse,
} from './ticket-responses.ts';
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
export interface TicketService {
  /** The reservation of an order, made at the first call with the guarantee of that time. */
  reserve(orderId: string, onDisk: DiskFault): Promise<ReservationResponse>;
  /** @throws HttpProblem when the request comes too late or its key was used for something else */
  create(request: CreateRequest, beforeCommit: DiskFault, afterCommit: DiskFault): Promise<TicketResponse>;
  list(orderId: string): Promise<TicketListResponse>;
  /** A stale read: an older state of the order, at least `agoMs` old, with its own `asOf`. */
  listAsItWas(orderId: string, agoMs: number): Promise<TicketListResponse>;
  /** @throws HttpProblem when the ticket is unknown, its keeper is not live or the deadline has passed */
  voidTicket(request: VoidRequest, onDisk: DiskFault): Promise<TicketResponse>;
}

export function createTicketService(options: {
  database: Database;
  clock: ServiceClock;
  lock: OrderLock;
  ids: Ids;
  /** Of reservations that are made from now on. */
  guarantee: Guarantee;
  log: FastifyBaseLogger;
}): TicketService {
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
        const stored = await database.reservations.find(orderId);
        if (stored !== undefined) return reservationAnswer(stored);
        const created = { orderID: orderId, reservationID: ids.reservationId(orderId), guarantee: options.guarantee };
        await database.reservations.add(created, withFailpoints('reservation', orderId, { beforeWrite: onDisk }));
        log.debug({ orderId }, 'reservation created');
        return reservationAnswer(created);
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
        if (decision.kind === 'replay') return ticketResponse(findTicket(stored, decision.ticketId).record, false);
        const record = ticketRecord({ ...request, paymentInfo }, ids.ticketId(), nowMs);
        await commitTicket(database, record, { beforeCommit, afterCommit, log });
        return ticketResponse(record, false);
      });
    },

    list: (orderId) => withTickets(orderId, async (stored, nowMs) => ticketListResponse(stored, nowMs)),

    listAsItWas: (orderId, agoMs) =>
      withTickets(orderId, async (stored, nowMs) => olderTicketListResponse(stored, nowMs, agoMs)),

    voidTicket(request, onDisk) {
      const { orderId, ticketId, keep, requestId } = request;
      return withTickets(orderId, async (stored, nowMs) => {
        const decision = decideVoid({ ...request, nowMs, tickets: decidedTickets(stored) });
        if (decision.kind === 'refuse') throw refusal(decision.code);
        const { record } = findTicket(stored, ticketId);
        if (decision.kind === 'void') {
          const voided = { orderID: orderId, ticketID: ticketId, keep, voidedAt: timeOf(nowMs), requestID: requestId };
          await database.tickets.addVoid(record, voided, withFailpoints('void', orderId, { beforeWrite: onDisk }));
        }
        return ticketResponse(record, true);
      });
    },
  };
}

function reservationAnswer({ orderID, reservationID, guarantee }: ReservationRecord): ReservationResponse {
  return { orderId: orderID, reservationId: reservationID, guarantee };
}
