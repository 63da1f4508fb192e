import { log } from '@temporalio/activity';
import { LATEST_TIME_MS } from 'exactly-one/contract';
import { createPaymentVault } from '../clients/payment-vault.ts';
import type { TicketSystem } from '../clients/ticket-system.ts';
import { createWorkerTokens } from '../clients/worker-tokens.ts';
import { failures } from '../contracts/failures.ts';
import type { OrderSettings } from '../contracts/order.ts';
import type { TicketActivities } from '../contracts/ticket-activities.ts';
import { createCircuitBreaker } from '../resilience/circuit-breaker.ts';
import { retryLater, toFailure } from './activity-failures.ts';
import { type CreateAttempt, createTicket } from './create-ticket.ts';
import { ticketSystemCalls } from './request-options.ts';
import { validateTicket } from './validate-ticket.ts';
import { voidTicket } from './void-ticket.ts';
import { createWithToken, type WithToken } from './with-token.ts';

/** What the activities of an order, other than `createTicket`, need. */
export interface TicketActivityOptions {
  readonly ticketSystem: TicketSystem;
  readonly withToken: WithToken;
  readonly clockSkewMs: number;
  /** The wall clock in epoch milliseconds. */
  readonly nowMs: () => number;
  /** A clock that never jumps, in milliseconds. */
  readonly monotonicMs: () => number;
}

/** The activities of an order. The worker has one circuit breaker for all of its creates, and one set of tokens. */
export function createTicketActivities(
  ticketSystem: TicketSystem,
  settings: OrderSettings,
  nowMs: () => number = Date.now,
): TicketActivities {
  const requestTimeoutMs = settings.createDeadlineMs;
  const tokens = createWorkerTokens(() => ticketSystem.createToken({ timeoutMs: requestTimeoutMs }), nowMs);
  const withToken = createWithToken(tokens, requestTimeoutMs);
  const monotonicMs = () => performance.now();
  const options = { ticketSystem, withToken, clockSkewMs: settings.clockSkewMs, nowMs, monotonicMs };
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

    createTicket: createTicket({
      ticketSystem,
      tokens,
      vault: createPaymentVault(ticketSystem, (failed) =>
        log.warn(`reading the payment vault failed, ${failed.reason}`, { ...failed }),
      ),
      breaker: createCircuitBreaker<CreateAttempt>({
        failuresToOpen: 10,
        openForMs: 2_000,
        tryEveryMs: 250,
        judge: ({ verdict }) => verdict,
        nowMs: monotonicMs,
      }),
      nowMs,
      monotonicMs,
    }),

    validateTicket: validateTicket(options),
    voidTicket: voidTicket(options),
  };
}
