import { log } from '@temporalio/activity';
import {
  type CreateCall,
  type CreateReport,
  type Credentials,
  type Issued,
  NotSent,
  type ReportedOutcome,
} from 'exactly-one/activities';
import type { CreateActivityRequest } from 'exactly-one/contract';
import type { HttpExchange } from 'exactly-one/http';
import { type PaymentVault, VaultUnreadable } from '../clients/payment-vault.ts';
import { ErrorResponseReceived, NoResponseReceived } from '../clients/read-response.ts';
import type { TicketSystem, Token } from '../clients/ticket-system.ts';
import type { TicketInput } from '../contracts/ticket-activities.ts';
import { type CircuitBreaker, CircuitOpen, type Verdict } from '../resilience/circuit-breaker.ts';
import { retry } from '../resilience/retry.ts';

/** One attempt, and what it says about the ticket system. */
export interface CreateAttempt {
  readonly exchange: HttpExchange & CreateReport;
  readonly verdict: Verdict;
}

interface CreateTicketOptions {
  readonly ticketSystem: TicketSystem;
  readonly tokens: Credentials<Token>;
  readonly vault: PaymentVault;
  readonly breaker: CircuitBreaker<CreateAttempt>;
  /** The time that a create has. */
  readonly createDeadlineMs: number;
}

/**
 * The share of a create's time that each of up to four vault reads may take, so that a fifth is left for the create.
 */
const VAULT_READ_SHARE = 0.2;

/** A create that has less than this share of its time left has too little to say that the service does not respond. */
const LEAST_CREATE_SHARE = 0.2;

/** The share of a create's time that waiting for a token may take, if this worker has none. */
const TOKEN_SHARE = 0.2;

/** Sends one create for a ticket, unless something that must come before it has failed. */
export function createTicket(options: CreateTicketOptions) {
  return async ({ reservationId }: TicketInput, call: CreateCall): Promise<HttpExchange & CreateReport> => {
    try {
      const { exchange } = await options.breaker.run(() => attempt(reservationId, call, options));
      return exchange;
    } catch (error) {
      if (!(error instanceof CircuitOpen)) throw error;
      throw new NotSent(error.message, { retryAfterMs: error.retryAfterMs });
    }
  };
}

export function logOutcome(
  outcome: ReportedOutcome,
  { orderId, guarantee, idempotencyKey }: CreateActivityRequest,
): void {
  // A refusal is a result of the business and no reason to worry.
  const level = outcome.kind === 'committed' || outcome.kind === 'rejected' ? 'info' : 'warn';
  log[level](`create: ${describe(outcome)}`, {
    orderId,
    ...(guarantee === 'idempotency-key' ? { idempotencyKey } : {}),
    ...outcome,
  });
}

function describe(outcome: ReportedOutcome): string {
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

async function attempt(reservationId: string, call: CreateCall, options: CreateTicketOptions): Promise<CreateAttempt> {
  const { tokens } = options;
  const token = await obtainToken(call, tokens);
  if ('kind' in token) return { exchange: token, verdict: 'nothing' };
  const { tokenRefused, exchange, verdict } = await attemptWith(token, reservationId, call, options);
  if (!tokenRefused) return { exchange, verdict };
  tokens.refused(token);
  return { exchange: { ...exchange, refusedIssuedAtMs: token.issuedAtMs }, verdict };
}

/** A token costs time of the create, so it is obtained with few retries. Without one the create is not sent. */
async function obtainToken(
  call: CreateCall,
  tokens: Credentials<Token>,
): Promise<Issued<Token> | (HttpExchange & CreateReport & { kind: 'not sent' })> {
  const { signal, credentials } = call;
  const waiting = () => ({ timeoutMs: Math.floor(call.timeoutMs * TOKEN_SHARE), signal });
  try {
    return await retry(() => tokens.satisfying(credentials, waiting()), {
      ...{ name: 'obtain a token', maxAttempts: 3, backOff: { baseMs: 20, capMs: 200 } },
      budgetMs: waiting().timeoutMs,
      isRetryable: () => true,
      signal,
      log: (failed) => log.warn(`obtaining a token failed, ${failed.reason}`, { ...failed }),
    });
  } catch (error) {
    if (signal.aborted) return { kind: 'not sent', reason: 'it was cancelled before it was sent' };
    const isOfService = error instanceof ErrorResponseReceived || error instanceof NoResponseReceived;
    if (!(isOfService || error instanceof NotSent)) throw error;
    const reason = `no token could be obtained: ${error.message}`;
    const retryAfterMs = error instanceof ErrorResponseReceived ? error.retryAfterMs : undefined;
    return { kind: 'not sent', reason, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
  }
}

async function attemptWith(
  { token }: Issued<Token>,
  reservationId: string,
  call: CreateCall,
  { ticketSystem, vault, createDeadlineMs }: CreateTicketOptions,
): Promise<CreateAttempt & { readonly tokenRefused: boolean }> {
  const { orderId, deadlineMs, requestId, guarantee, idempotencyKey, signal } = call;
  const within = (shareOfTime: number) => ({
    timeoutMs: Math.floor(call.timeoutMs * shareOfTime),
    // The worker may be stopped at any moment, so the deadline is checked again when the connection exists.
    mayStillBeSent: call.mayStillBeSent,
    signal,
    token,
  });
  let paymentInfo: string;
  try {
    paymentInfo = await vault.readPaymentInfo(reservationId, within(VAULT_READ_SHARE));
  } catch (error) {
    if (!(error instanceof VaultUnreadable)) throw error;
    const exchange = { kind: 'not sent', reason: error.message } as const;
    return { exchange, verdict: 'nothing', tokenRefused: error.tokenRefused };
  }
  const create = {
    ...{ orderId, reservationId, paymentInfo, deadlineMs, requestId },
    // A key is sent only where it is guaranteed to be honoured.
    ...(guarantee === 'idempotency-key' ? { idempotencyKey } : {}),
  };
  const wholeCall = within(1);
  const { exchange, retryAfterMs } = await ticketSystem.createTicket(create, wholeCall);
  // What ended early by this worker's doing, or had little time from the start, says nothing about the service.
  const wasPatient =
    !signal.aborted && (call.mayStillBeSent() || wholeCall.timeoutMs >= createDeadlineMs * LEAST_CREATE_SHARE);
  return {
    exchange: retryAfterMs === undefined ? exchange : { ...exchange, retryAfterMs },
    verdict: verdictOf(exchange, wasPatient),
    tokenRefused: exchange.kind === 'response' && exchange.status === 401,
  };
}

/**
 * What a create says about the ticket system, for the circuit breaker. A service that refuses is up, whatever its reason;
 * one that asks for a pause is spared by the pause.
 * @param wasPatient whether a missing response was waited for long enough
 */
function verdictOf(exchange: HttpExchange, wasPatient: boolean): Verdict {
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
