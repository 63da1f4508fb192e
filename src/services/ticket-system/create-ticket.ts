import { maskCardNumbers } from '../../contracts/card-numbers.ts';
import type { TicketResponse } from '../../contracts/ticket-system.ts';
import { canonicalForm } from '../../resilience/canonical-form.ts';
import type { KeysInFlight } from '../http/keys-in-flight.ts';
import { type CreateSituation, decideCommit } from './commit-decision.ts';
import { noteCommit } from './ledger.ts';
import { type ReservationRecord, type TicketRecord, timeOf } from './records.ts';
import { refusal, refuseFarDeadline, requireHeader } from './refusals.ts';
import { ticketResponse } from './ticket-responses.ts';
import type { TicketService, TicketServiceParts } from './ticket-service.ts';
import { findTicket, type StoredTicket } from './ticket-store.ts';

/** A create as the HTTP request carries it. */
export interface CreateCommand {
  readonly orderId: string;
  readonly reservationId: string;
  readonly paymentInfo: string;
  readonly requestId: string;
  readonly deadlineMs: number | undefined;
  readonly idempotencyKey: string | undefined;
}

/** When an accepted create is finished. */
export interface AcceptedDelay {
  readonly ms: number;
  /** Passes the delay. */
  readonly pass: () => Promise<void>;
}

/**
 * Handles creates: records that one was received, checks it against the stored reservation, decides under the lock of
 * the order, and commits, at once or later.
 */
export function createTickets(
  parts: TicketServiceParts,
  keysInFlight: KeysInFlight,
): Pick<TicketService, 'create' | 'accept'> {
  const { ledger, withTickets, clock, ids, acceptWithinMs, goesOn, log } = parts;

  async function receive(command: CreateCommand): Promise<ReservationRecord> {
    const { orderId, requestId } = command;
    const at = timeOf(clock.nowMs());
    await ledger.append({ kind: 'received', at, orderID: orderId, requestID: requestId });
    return findReservation(parts, command);
  }

  /** Decides about a create. One that may commit goes on with `commitNow`, still under the lock. */
  function decideUnderLock<Result>(
    command: CreateCommand,
    reservation: ReservationRecord,
    commitNow: (nowMs: number) => Promise<Result>,
  ): Promise<Result | TicketResponse> {
    return withTickets(command.orderId, async (stored, nowMs) => {
      const decision = decideCommit(situationOf(command, reservation, stored, nowMs));
      if (decision.kind === 'refuse') throw refusal(decision.code);
      if (decision.kind === 'replay') return ticketResponse(findTicket(stored, decision.ticketId).record, false);
      return commitNow(nowMs);
    });
  }

  const decideAndCommit = (command: CreateCommand, reservation: ReservationRecord): Promise<TicketResponse> =>
    decideUnderLock(command, reservation, async (nowMs) => {
      const record = newTicket(command, reservation, ids.ticketId(), nowMs);
      await commit(parts, record);
      return ticketResponse(record, false);
    });

  const whileKeyIsInFlight = <Result>(
    { orderId, idempotencyKey }: CreateCommand,
    { guarantee }: ReservationRecord,
    work: () => Promise<Result>,
  ): Promise<Result> =>
    guarantee === 'idempotency-key' ? keysInFlight.during(`${orderId} ${idempotencyKey}`, work) : work();

  /** The deadline was checked when the create was accepted. Now it must be finished within its bound. */
  async function finish(command: CreateCommand, reservation: ReservationRecord, delay: AcceptedDelay): Promise<void> {
    await delay.pass();
    const { orderId, deadlineMs } = command;
    const finishByMs = deadlineMs === undefined ? undefined : deadlineMs + acceptWithinMs;
    try {
      await decideAndCommit({ ...command, deadlineMs: finishByMs }, reservation);
    } catch (error) {
      log.warn({ orderId, err: error }, 'an accepted create was not finished');
    }
  }

  return {
    async create(command) {
      const reservation = await receive(command);
      return whileKeyIsInFlight(command, reservation, () => decideAndCommit(command, reservation));
    },

    async accept(command, delay) {
      const reservation = await receive(command);
      return new Promise((respond, fail) => {
        const work = whileKeyIsInFlight(command, reservation, async () => {
          const accepted = await decideUnderLock(command, reservation, async (nowMs) => ({
            operationId: ids.operationId(),
            readyAt: timeOf(nowMs + delay.ms),
          }));
          respond(accepted);
          if ('operationId' in accepted) await finish(command, reservation, delay);
        });
        goesOn(work);
        work.catch(fail);
      });
    },
  };
}

/** The stored reservation. Its guarantee decides which headers the create must have. */
async function findReservation(
  { reservations, clock }: TicketServiceParts,
  { orderId, reservationId, deadlineMs, idempotencyKey }: CreateCommand,
): Promise<ReservationRecord> {
  refuseFarDeadline(deadlineMs, clock.nowMs());
  const reservation = await reservations.find(orderId);
  if (reservation?.reservationID !== reservationId) throw refusal('RESERVATION_UNKNOWN');
  const { guarantee } = reservation;
  const reason = `the guarantee of this order is ${guarantee}`;
  if (guarantee !== 'none') requireHeader(deadlineMs, 'Request-Deadline', reason);
  if (guarantee === 'idempotency-key') requireHeader(idempotencyKey, 'Idempotency-Key', reason);
  return reservation;
}

function situationOf(
  { paymentInfo, deadlineMs, idempotencyKey }: CreateCommand,
  { guarantee, reservationID }: ReservationRecord,
  stored: readonly StoredTicket[],
  nowMs: number,
): CreateSituation {
  return {
    guarantee,
    nowMs,
    deadlineMs,
    idempotencyKey,
    fingerprint: fingerprintOf({ reservationID, paymentInfo: maskCardNumbers(paymentInfo) }),
    committed: stored.flatMap(({ record }) => {
      if (record.idempotencyKey === undefined) return [];
      return [{ idempotencyKey: record.idempotencyKey, fingerprint: fingerprintOf(record), ticketId: record.ticketID }];
    }),
  };
}

/** What makes two creates the same. */
function fingerprintOf({ reservationID, paymentInfo }: Pick<TicketRecord, 'reservationID' | 'paymentInfo'>): string {
  return canonicalForm({ reservationID, paymentInfo });
}

/** A key is stored only where the guarantee is to honour it. */
function newTicket(
  { orderId, paymentInfo, requestId, idempotencyKey }: CreateCommand,
  { guarantee, reservationID }: ReservationRecord,
  ticketId: string,
  nowMs: number,
): TicketRecord {
  return {
    orderID: orderId,
    ticketID: ticketId,
    paymentInfo: maskCardNumbers(paymentInfo),
    reservationID,
    createdAt: timeOf(nowMs),
    requestID: requestId,
    ...(guarantee === 'idempotency-key' && idempotencyKey !== undefined ? { idempotencyKey } : {}),
  };
}

/**
 * Commits a ticket: puts its file in place, syncs the folder and adds a line to the ledger. The file alone is the
 * commit. Once it is in place its line is written even if the sync fails, and a failure of the ledger neither undoes
 * nor fails the commit.
 */
async function commit({ tickets, ledger, log }: TicketServiceParts, record: TicketRecord): Promise<void> {
  await tickets.addTicket(record, () => noteCommit(ledger, record, log));
}
