import { ApplicationFailure, cancellationSignal, log } from '@temporalio/activity';
import { type CreateOutcome, classifyOutcome, timeLeftToSendMs } from 'exactly-one';
import { type PaymentVault, VaultUnreadable } from '../clients/payment-vault.ts';
import { ErrorResponseReceived, NoResponseReceived } from '../clients/read-response.ts';
import type { TicketSystem } from '../clients/ticket-system.ts';
import type { WorkerToken, WorkerTokens } from '../clients/worker-tokens.ts';
import { type CreateFailureDetails, failures, type RefusedToken } from '../contracts/failures.ts';
import type { CreateTicketRequest, TicketActivities } from '../contracts/ticket-activities.ts';
import { REJECTING_CODES } from '../contracts/ticket-system.ts';
import { type CircuitBreaker, CircuitOpen } from '../resilience/circuit-breaker.ts';
import { retry } from '../resilience/retry.ts';
import { requestIdOfActivity } from './request-options.ts';

interface CreateTicketOptions {
  readonly ticketSystem: TicketSystem;
  readonly tokens: WorkerTokens;
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

/** The share of a create's time that waiting for a token may take, if this worker has none. */
const TOKEN_SHARE = 0.2;

const TOO_LATE = { kind: 'not sent', reason: 'its deadline passed before it was sent' } as const;

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
  options: CreateTicketOptions,
): Promise<CreateOutcome & Partial<RefusedToken>> {
  const { tokens, nowMs, monotonicMs } = options;
  const startedAtMs = monotonicMs();
  const timeLeftMs = () => timeLeftToSendMs({ ...request, nowMs: nowMs(), elapsedMs: monotonicMs() - startedAtMs });
  if (timeLeftMs() <= 0) return TOO_LATE;
  const token = await obtainToken(request, tokens, timeLeftMs);
  if ('kind' in token) return token;
  const outcome = await attemptWith(token, timeLeftMs, request, options);
  if (!('tokenRefused' in outcome) || outcome.tokenRefused !== true) return outcome;
  tokens.refused(token);
  return { ...outcome, refusedTokenIssuedAtMs: token.issuedAtMs };
}

/** A token costs time of the create, so it is obtained with few retries. Without one the create is not sent. */
async function obtainToken(
  { token: required }: CreateTicketRequest,
  tokens: WorkerTokens,
  timeLeftMs: () => number,
): Promise<WorkerToken | (CreateOutcome & { kind: 'not sent' })> {
  const waiting = () => ({ timeoutMs: Math.floor(timeLeftMs() * TOKEN_SHARE), signal: cancellationSignal() });
  try {
    return await retry(() => tokens.satisfying(required, waiting()), {
      ...{ name: 'obtain a token', maxAttempts: 3, backOff: { baseMs: 20, capMs: 200 } },
      budgetMs: Math.max(0, waiting().timeoutMs),
      isRetryable: () => true,
      signal: cancellationSignal(),
      log: (failed) => log.warn('obtaining a token failed', { ...failed }),
    });
  } catch (error) {
    if (!(error instanceof ErrorResponseReceived || error instanceof NoResponseReceived)) throw error;
    const reason = `no token could be obtained: ${error.message}`;
    const retryAfterMs = error instanceof ErrorResponseReceived ? error.retryAfterMs : undefined;
    return { kind: 'not sent', reason, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
  }
}

async function attemptWith(
  { token }: WorkerToken,
  timeLeftMs: () => number,
  request: CreateTicketRequest,
  { ticketSystem, vault, breaker }: CreateTicketOptions,
): Promise<CreateOutcome> {
  const call = (shareOfTime: number) => ({
    timeoutMs: Math.max(0, Math.floor(timeLeftMs() * shareOfTime)),
    // The worker may be stopped at any moment, so the deadline is checked again when the connection exists.
    mayStillBeSent: () => timeLeftMs() > 0,
    signal: cancellationSignal(),
    token,
  });
  try {
    const paymentInfo = await vault.readPaymentInfo(request.reservationId, call(VAULT_READ_SHARE));
    return await breaker.run(async () => {
      if (timeLeftMs() <= 0) return TOO_LATE;
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
