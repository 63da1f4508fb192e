import { ApplicationFailure, cancellationSignal, log } from '@temporalio/activity';
import { type CreateOutcome, classifyOutcome, timeLeftToSendMs } from 'exactly-one';
import { type PaymentVault, VaultUnreadable } from '../clients/payment-vault.ts';
import type { TicketSystem } from '../clients/ticket-system.ts';
import { type CreateFailureDetails, failures } from '../contracts/failures.ts';
import type { CreateTicketRequest, TicketActivities } from '../contracts/ticket-activities.ts';
import { REJECTING_CODES } from '../contracts/ticket-system.ts';
import { type CircuitBreaker, CircuitOpen } from '../resilience/circuit-breaker.ts';
import { requestIdOfActivity } from './request-options.ts';

interface CreateTicketOptions {
  readonly ticketSystem: TicketSystem;
  readonly vault: PaymentVault;
  readonly breaker: CircuitBreaker<CreateOutcome>;
  /** The wall clock in epoch milliseconds. */
  readonly nowMs: () => number;
  /** A clock that never jumps, in milliseconds. */
  readonly monotonicMs: () => number;
}

/**
 * The share of a create's time that each of up to four vault reads may take, so that a fifth is left for the create.
 */
const VAULT_READ_SHARE = 0.2;

/**
 * Sends one create, at most once, and reports its outcome. No failure is retryable: the workflow validates and then
 * decides what follows.
 */
export function createTicket(options: CreateTicketOptions): TicketActivities['createTicket'] {
  return async (request) => {
    const outcome = await attempt(request, options);
    log.info('create', { orderId: request.orderId, idempotencyKey: request.idempotencyKey, ...outcome });
    switch (outcome.kind) {
      case 'committed':
        return { ticketId: outcome.itemId };
      case 'rejected':
        throw failure(failures.createRejected, { reason: outcome.reason, code: outcome.code });
      case 'not sent':
        throw failure(failures.createNotSent, outcome);
      case 'unknown':
        throw failure(failures.createOutcomeUnknown, outcome);
    }
  };
}

async function attempt(
  request: CreateTicketRequest,
  { ticketSystem, vault, breaker, nowMs, monotonicMs }: CreateTicketOptions,
): Promise<CreateOutcome> {
  const startedAtMs = monotonicMs();
  const timeLeftMs = () => timeLeftToSendMs({ ...request, nowMs: nowMs(), elapsedMs: monotonicMs() - startedAtMs });
  const call = (shareOfTime: number) => ({
    timeoutMs: Math.floor(timeLeftMs() * shareOfTime),
    signal: cancellationSignal(),
    token: request.token,
  });
  const tooLate = { kind: 'not sent', reason: 'its deadline passed before it was sent' } as const;

  if (timeLeftMs() <= 0) return tooLate;
  try {
    const paymentInfo = await vault.readPaymentInfo(request.reservationId, call(VAULT_READ_SHARE));
    return await breaker.run(async () => {
      if (timeLeftMs() <= 0) return tooLate;
      const create = { ...request, paymentInfo, requestId: requestIdOfActivity() };
      const { exchange, retryAfterMs } = await ticketSystem.createTicket(create, call(1));
      const outcome = classifyOutcome(exchange, request, REJECTING_CODES);
      return retryAfterMs === undefined ? outcome : { ...outcome, retryAfterMs };
    });
  } catch (error) {
    if (error instanceof VaultUnreadable) {
      return { kind: 'not sent', reason: error.message, tokenRefused: error.tokenRefused };
    }
    if (error instanceof CircuitOpen) {
      return { kind: 'not sent', reason: error.message, retryAfterMs: error.retryAfterMs };
    }
    throw error;
  }
}

/** Whether an outcome counts as a failure of the service for the circuit breaker; a rejection does not. */
export function isServiceFailure(outcome: CreateOutcome): boolean {
  return outcome.kind === 'unknown' || outcome.kind === 'not sent';
}

function failure(type: string, details: CreateFailureDetails): ApplicationFailure {
  return ApplicationFailure.nonRetryable(details.reason, type, details);
}
