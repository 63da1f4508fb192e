import { ApplicationFailure, cancellationSignal, log } from '@temporalio/activity';
import { type CreateExchange, type CreateOutcome, classifyOutcome, timeLeftToSendMs } from 'exactly-one';
import { refusal } from 'exactly-one/activities';
import type { CreateActivityRequest, CreateFailureDetails, RefusedCredentials } from 'exactly-one/contract';
import { type PaymentVault, VaultUnreadable } from '../clients/payment-vault.ts';
import { ErrorResponseReceived, NoResponseReceived } from '../clients/read-response.ts';
import type { TicketSystem } from '../clients/ticket-system.ts';
import type { WorkerToken, WorkerTokens } from '../clients/worker-tokens.ts';
import { failures } from '../contracts/failures.ts';
import type { TicketActivities, TicketInput } from '../contracts/ticket-activities.ts';
import { REJECTING_CODES } from '../contracts/ticket-system.ts';
import { type CircuitBreaker, CircuitOpen, type Verdict } from '../resilience/circuit-breaker.ts';
import { retry } from '../resilience/retry.ts';
import { requestIdOfActivity } from './request-options.ts';
import { ANY_CREDENTIALS } from './with-token.ts';

type CreateTicketRequest = TicketInput & CreateActivityRequest;

type ReportedOutcome = CreateOutcome & Partial<RefusedCredentials>;

/** One attempt, and what it says about the ticket system. */
export interface CreateAttempt {
  readonly outcome: ReportedOutcome;
  readonly verdict: Verdict;
}

interface CreateTicketOptions {
  readonly ticketSystem: TicketSystem;
  readonly tokens: WorkerTokens;
  readonly vault: PaymentVault;
  readonly breaker: CircuitBreaker<CreateAttempt>;
  /** The wall clock in epoch milliseconds. */
  readonly nowMs: () => number;
  /** A clock that never jumps, in milliseconds. */
  readonly monotonicMs: () => number;
}

/**
 * The share of a create's time that each of up to four vault reads may take, so that a fifth is left for the create.
 */
const VAULT_READ_SHARE = 0.2;

/** A create that has less than this share of its time left has too little to say that the service does not respond. */
const LEAST_CREATE_SHARE = 0.2;

/** The share of a create's time that waiting for a token may take, if this worker has none. */
const TOKEN_SHARE = 0.2;

const TOO_LATE = { kind: 'not sent', reason: 'its deadline passed before it was sent' } as const;

/**
 * Sends one create, at most once, and reports its outcome. No failure is retryable: the workflow validates and then
 * decides what follows.
 */
export function createTicket(options: CreateTicketOptions): TicketActivities['createTicket'] {
  return async (input, given) => {
    const request = { ...input, ...given };
    const outcome = await attempt(request, options);
    logOutcome(request, outcome);
    switch (outcome.kind) {
      case 'committed':
        return { itemId: outcome.itemId };
      case 'rejected':
        throw refusal(outcome.reason, failures.createRejected, { reason: outcome.reason, code: outcome.code });
      case 'not sent':
        throw failure(failures.createNotSent, outcome);
      case 'unknown':
      case 'accepted':
        throw failure(failures.createOutcomeUnknown, outcome);
    }
  };
}

function logOutcome(request: CreateTicketRequest, outcome: ReportedOutcome): void {
  // A refusal is a result of the business and no reason to worry.
  const level = outcome.kind === 'committed' || outcome.kind === 'rejected' ? 'info' : 'warn';
  log[level](`create: ${describe(outcome)}`, { orderId: request.orderId, ...keyOf(request), ...outcome });
}

/** The key is sent only where the ticket system honours it: it would be stored with the ticket. */
function keyOf({ guarantee, idempotencyKey }: CreateTicketRequest): { readonly idempotencyKey?: string } {
  return guarantee === 'idempotency-key' ? { idempotencyKey } : {};
}

function describe(outcome: CreateOutcome): string {
  switch (outcome.kind) {
    case 'committed':
      return `committed, ticket ${outcome.itemId}`;
    case 'unknown':
      return `outcome unknown, ${outcome.reason}`;
    case 'rejected':
    case 'accepted':
    case 'not sent':
      return `${outcome.kind}, ${outcome.reason}`;
  }
}

async function attempt(request: CreateTicketRequest, options: CreateTicketOptions): Promise<ReportedOutcome> {
  const { breaker, nowMs, monotonicMs } = options;
  const startedAtMs = monotonicMs();
  const timeLeftMs = () => timeLeftToSendMs({ ...request, nowMs: nowMs(), elapsedMs: monotonicMs() - startedAtMs });
  if (timeLeftMs() <= 0) return TOO_LATE;
  try {
    const { outcome } = await breaker.run(() => attemptNow(timeLeftMs, request, options));
    return outcome;
  } catch (error) {
    if (!(error instanceof CircuitOpen)) throw error;
    return { kind: 'not sent', reason: error.message, retryAfterMs: error.retryAfterMs };
  }
}

async function attemptNow(
  timeLeftMs: () => number,
  request: CreateTicketRequest,
  options: CreateTicketOptions,
): Promise<CreateAttempt> {
  const { tokens } = options;
  const token = await obtainToken(request, tokens, timeLeftMs);
  if ('kind' in token) return { outcome: token, verdict: 'nothing' };
  const { outcome, verdict } = await attemptWith(token, timeLeftMs, request, options);
  if (!('tokenRefused' in outcome) || outcome.tokenRefused !== true) return { outcome, verdict };
  tokens.refused(token);
  return { outcome: { ...outcome, refusedIssuedAtMs: token.issuedAtMs }, verdict };
}

/** A token costs time of the create, so it is obtained with few retries. Without one the create is not sent. */
async function obtainToken(
  { credentials: required = ANY_CREDENTIALS }: CreateTicketRequest,
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
      log: (failed) => log.warn(`obtaining a token failed, ${failed.reason}`, { ...failed }),
    });
  } catch (error) {
    if (cancellationSignal().aborted) return { kind: 'not sent', reason: 'it was cancelled before it was sent' };
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
  { ticketSystem, vault }: CreateTicketOptions,
): Promise<CreateAttempt> {
  const call = (shareOfTime: number) => ({
    timeoutMs: Math.max(0, Math.floor(timeLeftMs() * shareOfTime)),
    // The worker may be stopped at any moment, so the deadline is checked again when the connection exists.
    mayStillBeSent: () => timeLeftMs() > 0,
    signal: cancellationSignal(),
    token,
  });
  let paymentInfo: string;
  try {
    paymentInfo = await vault.readPaymentInfo(request.reservationId, call(VAULT_READ_SHARE));
  } catch (error) {
    if (!(error instanceof VaultUnreadable)) throw error;
    const outcome = { kind: 'not sent', reason: error.message, tokenRefused: error.tokenRefused } as const;
    return { outcome, verdict: 'nothing' };
  }
  const { orderId, reservationId, deadlineMs } = request;
  const requestId = requestIdOfActivity();
  const create = { orderId, reservationId, deadlineMs, paymentInfo, requestId, ...keyOf(request) };
  const wholeCall = call(1);
  const { exchange, retryAfterMs } = await ticketSystem.createTicket(create, wholeCall);
  const classified = classifyOutcome(exchange, request, REJECTING_CODES);
  const outcome = retryAfterMs === undefined ? classified : { ...classified, retryAfterMs };
  // What ended early by this worker's doing, or had little time from the start, says nothing about the service.
  const wasPatient =
    !wholeCall.signal.aborted &&
    (timeLeftMs() > 0 || wholeCall.timeoutMs >= request.createDeadlineMs * LEAST_CREATE_SHARE);
  return { outcome, verdict: verdictOf(exchange, wasPatient) };
}

/**
 * What a create says about the ticket system, for the circuit breaker. A service that refuses is up, whatever its reason;
 * one that asks for a pause is spared by the pause.
 * @param wasPatient whether a missing response was waited for long enough
 */
function verdictOf(exchange: CreateExchange, wasPatient: boolean): Verdict {
  switch (exchange.kind) {
    case 'response':
      if (exchange.status === 429) return 'nothing';
      return exchange.status >= 500 ? 'down' : 'up';
    case 'no response':
      return wasPatient ? 'down' : 'nothing';
    case 'not sent':
      return 'nothing';
  }
}

function failure(type: string, details: CreateFailureDetails): ApplicationFailure {
  return ApplicationFailure.nonRetryable(details.reason, type, details);
}
