import { log } from '@temporalio/activity';
import { createCredentials, exactlyOneActivities, retryLater } from 'exactly-one/activities';
import { LATEST_TIME_MS } from 'exactly-one/contract';
import { httpOutcomes } from 'exactly-one/http';
import { createPaymentVault } from '../clients/payment-vault.ts';
import type { TicketSystem } from '../clients/ticket-system.ts';
import { failures } from '../contracts/failures.ts';
import type { OrderSettings } from '../contracts/order.ts';
import type { TicketActivities, TicketInput } from '../contracts/ticket-activities.ts';
import { REJECTING_CODES } from '../contracts/ticket-system.ts';
import { createCircuitBreaker } from '../resilience/circuit-breaker.ts';
import { toFailure } from './activity-failures.ts';
import { type CreateAttempt, createTicket, logOutcome } from './create-ticket.ts';
import { ticketSystemCalls } from './request-options.ts';
import { listTickets, validateTicket } from './validate-ticket.ts';
import { voidTicket } from './void-ticket.ts';
import { createWithToken, type WithToken } from './with-token.ts';

/** What the activities of an order, other than `createTicket`, need. */
export interface TicketActivityOptions {
  readonly ticketSystem: TicketSystem;
  readonly withToken: WithToken;
}

/** The activities of an order. The worker has one circuit breaker for all of its creates, and one set of tokens. */
export function createTicketActivities(
  ticketSystem: TicketSystem,
  settings: OrderSettings,
  nowMs: () => number = Date.now,
): TicketActivities {
  const requestTimeoutMs = settings.createDeadlineMs;
  const tokens = createCredentials(() => ticketSystem.createToken({ timeoutMs: requestTimeoutMs }), nowMs);
  const withToken = createWithToken(tokens, requestTimeoutMs);
  const monotonicMs = () => performance.now();
  const options = { ticketSystem, withToken };
  const items = exactlyOneActivities<TicketInput>({
    create: createTicket({
      ticketSystem,
      tokens,
      vault: createPaymentVault(ticketSystem, (failed) =>
        log.warn(`reading the payment vault failed, ${failed.reason}`, { ...failed }),
      ),
      breaker: createCircuitBreaker<CreateAttempt>({
        // Ten in a row are not rare where four of five creates hang, and then it would delay the last orders.
        failuresToOpen: 20,
        openForMs: 2_000,
        tryEveryMs: 250,
        judge: ({ verdict }) => verdict,
        nowMs: monotonicMs,
      }),
      createDeadlineMs: settings.createDeadlineMs,
    }),
    list: listTickets(options),
    void: voidTicket(options),
    outcomes: httpOutcomes({ rejecting: REJECTING_CODES }),
    reservationId: ({ reservationId }) => reservationId,
    onOutcome: logOutcome,
    wording: { item: 'ticket', service: 'ticket system', clockSkewMs: 'CLOCK_SKEW_MS' },
    clocks: { nowMs, monotonicMs },
  });
  return {
    getOrderSettings: async () => settings,

    async getToken(required) {
      try {
        const nextCall = ticketSystemCalls(requestTimeoutMs);
        const { expiresAtMs } = await tokens.satisfying(required, nextCall());
        const validUntilMs = Math.min(expiresAtMs, LATEST_TIME_MS);
        // For people who read the result in Temporal's UI.
        return Object.assign({ validUntil: new Date(validUntilMs).toISOString() }, { validUntilMs });
      } catch (error) {
        throw toFailure(error);
      }
    },

    async getReservation({ reservationId: expected }, { orderId, credentials }) {
      try {
        const received = await withToken(credentials, (call) => ticketSystem.getReservation(orderId, call));
        const { reservationId, guarantee } = received;
        if (received.orderId !== orderId || (expected !== undefined && reservationId !== expected)) {
          const known = expected === undefined ? '' : `, which is known to be ${expected}`;
          throw retryLater(
            failures.incompleteResponse,
            `requested the reservation of ${orderId}${known}, but received ${reservationId} of ${received.orderId}`,
          );
        }
        return { reservationId, guarantee };
      } catch (error) {
        throw toFailure(error);
      }
    },

    createTicket: items.create,
    validateTicket: validateTicket(items.list),
    voidTicket: items.void,
  };
}
