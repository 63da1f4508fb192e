import { ApplicationFailure, cancellationSignal, log } from '@temporalio/activity';
import { type CreateOutcome, classifyOutcome, sendTimeLeftMs } from 'exactly-one';
import { type PaymentVault, VaultUnreadable } from '../clients/payment-vault.ts';
import type { TicketSystem } from '../clients/ticket-system.ts';
import { type CreateFailureDetails, failures } from '../contracts/failures.ts';
import type { CreateTicketRequest, TicketActivities } from '../contracts/ticket-activities.ts';
import { type CircuitBreaker, CircuitOpen } from '../resilience/circuit-breaker.ts';
import { requestIdOfActivity } from './ticket-system-activity.ts';

export interface CreateTicketOptions {
  readonly ticketSystem: TicketSystem;
  readonly vault: PaymentVault;
  readonly breaker: CircuitBreaker<CreateOutcome>;
  /** The wall clock, epoch milliseconds. */
  readonly nowMs: () => number;
  /** A clock that never jumps, milliseconds since whenever. */
  readonly monotonicMs: () => number;
}

/** Of the time for a create, what one of the four reads of the vault may take: the last fifth is the create's own. */
const VAULT_READ_SHARE = 0.2;

/**
 * Sends one create, at most once, and reports what came of it. Its failures are not retryable: what happens after an
 * attempt is for the workflow to decide, which finds out first.
 */
export function createTicket(options: CreateTicketOptions): TicketActivities['createTicket'] {
  return async (request) => {
    const { orderId, idempotencyKey } = request;
    const outcome = await attempt(request, options);
    log.info('create', { orderId, idempotencyKey, ...outcome });
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

async function attempt(request: CreateTicketRequest, options: CreateTicketOptions): Promise<CreateOutcome> {
  const { orderId, reservationId, token, deadlineMs, createDeadlineMs, idempotencyKey } = request;
  const { ticketSystem, vault, breaker } = options;
  const startedAtMs = options.monotonicMs();
  const timeLeftMs = () =>
    sendTimeLeftMs({
      nowMs: options.nowMs(),
      deadlineMs,
      elapsedMs: options.monotonicMs() - startedAtMs,
      createDeadlineMs,
    });
  const call = () => ({ timeoutMs: timeLeftMs(), signal: cancellationSignal(), token });

  const tooLate = { kind: 'not sent', reason: 'its deadline was over before it was sent' } as const;

  if (timeLeftMs() <= 0) return tooLate;
  try {
    const paymentInfo = await vault.readPaymentInfo(reservationId, {
      ...call(),
      timeoutMs: Math.floor(timeLeftMs() * VAULT_READ_SHARE),
    });
    return await breaker.run(async () => {
      if (timeLeftMs() <= 0) return tooLate;
      const create = { orderId, reservationId, paymentInfo, deadlineMs, requestId: requestIdOfActivity() };
      const { exchange, retryAfterMs } = await ticketSystem.createTicket(
        idempotencyKey === undefined ? create : { ...create, idempotencyKey },
        call(),
      );
      const outcome = classifyOutcome(exchange, { orderId, reservationId });
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

/** Whether an outcome speaks against the service's health, for the circuit breaker: a refusal does not. */
export function isServiceFailure(outcome: CreateOutcome): boolean {
  return outcome.kind === 'unknown' || outcome.kind === 'not sent';
}

function failure(type: string, details: CreateFailureDetails): ApplicationFailure {
  return ApplicationFailure.nonRetryable(details.reason, type, details);
}
