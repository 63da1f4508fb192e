import { maskCardNumbers } from '../../contracts/card-numbers.ts';
import type { TicketResponse } from '../../contracts/ticket-system.ts';
import { canonicalForm } from '../../resilience/canonical-form.ts';
import type { KeysInFlight } from '../http/keys-in-flight.ts';
import { type CreateSituation, decideCommit } from './commit-decision.ts';
import { noteCommit } from './ledger.ts';
import { type ReservationRecord, type TicketRecord, timeOf } from './records.ts';
import { refusal, refuseFarDeadline, requireHeader } from './refusals.ts';
import { ticketResponse } from './ticket-responses.ts';
import type { TicketServiceParts } from './ticket-service.ts';
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

/**
 * Handles a create: records that it was received, checks it against the stored reservation, decides under the lock of
 * the order, and commits.
 * @throws HttpProblem if it is refused
 */
export function createTicket(parts: TicketServiceParts, keysInFlight: KeysInFlight) {
  const { ledger, withTickets, clock, ids } = parts;
  return async (command: CreateCommand): Promise<TicketResponse> => {
    const { orderId, requestId, idempotencyKey } = command;
    const at = timeOf(clock.nowMs());
    await ledger.append({ kind: 'received', at, orderID: orderId, requestID: requestId });
    const reservation = await findReservation(parts, command);

    const decideAndCommit = () =>
      withTickets(orderId, async (stored, nowMs) => {
        const decision = decideCommit(situationOf(command, reservation, stored, nowMs));
        if (decision.kind === 'refuse') throw refusal(decision.code);
        if (decision.kind === 'replay') return ticketResponse(findTicket(stored, decision.ticketId).record, false);
        const record = newTicket(command, reservation, ids.ticketId(), nowMs);
        await commit(parts, record);
        return ticketResponse(record, false);
      });
    return reservation.guarantee === 'idempotency-key'
      ? keysInFlight.during(`${orderId} ${idempotencyKey}`, decideAndCommit)
      : decideAndCommit();
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
