import { log } from '@temporalio/activity';
import type { CreateOutcome } from 'exactly-one';
import { createPaymentVault } from '../clients/payment-vault.ts';
import { ErrorResponseReceived } from '../clients/read-response.ts';
import type { TicketSystem } from '../clients/ticket-system.ts';
import { failures } from '../contracts/failures.ts';
import type { OrderSettings } from '../contracts/order.ts';
import type { TicketActivities } from '../contracts/ticket-activities.ts';
import { createCircuitBreaker } from '../resilience/circuit-breaker.ts';
import { retryLater, toFailure } from './activity-failures.ts';
import { createTicket, isServiceFailure } from './create-ticket.ts';
import { ticketSystemCall } from './request-options.ts';
import { validateTicket } from './validate-ticket.ts';
import { voidTicket } from './void-ticket.ts';

/** What the activities of an order, other than `createTicket`, need. */
export interface TicketActivityOptions {
  readonly ticketSystem: TicketSystem;
  readonly requestTimeoutMs: number;
  readonly clockSkewMs: number;
  /** The wall clock in epoch milliseconds. */
  readonly nowMs: () => number;
}

/** The activities of an order. The worker has one circuit breaker for all of its creates. */
export function createTicketActivities(
  ticketSystem: TicketSystem,
  settings: OrderSettings,
  nowMs: () => number = Date.now,
): TicketActivities {
  const requestTimeoutMs = settings.createDeadlineMs;
  const options = { ticketSystem, requestTimeoutMs, clockSkewMs: settings.clockSkewMs, nowMs };
  return {
    getOrderSettings: async () => settings,

    async getToken() {
      try {
        return await ticketSystem.createToken(ticketSystemCall(requestTimeoutMs));
      } catch (error) {
        // There is no token to renew: a 401 is retried like any other error.
        if (error instanceof ErrorResponseReceived && error.status === 401) {
          throw retryLater(failures.serviceUnavailable, error.message);
        }
        throw toFailure(error);
      }
    },

    async getReservation({ orderId, token, expected }) {
      try {
        const received = await ticketSystem.getReservation(orderId, ticketSystemCall(requestTimeoutMs, token));
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
      vault: createPaymentVault(ticketSystem, (failed) => log.warn('reading the payment vault failed', { ...failed })),
      breaker: createCircuitBreaker<CreateOutcome>({
        failuresToOpen: 10,
        openForMs: 2_000,
        isFailure: isServiceFailure,
        nowMs,
      }),
      nowMs,
      monotonicMs: () => performance.now(),
    }),

    validateTicket: validateTicket(options),
    voidTicket: voidTicket(options),
  };
}
