import { httpOutcomes } from 'exactly-one/http';
import type { PaymentVault } from '../../src/clients/payment-vault.ts';
import type { TicketSystem } from '../../src/clients/ticket-system.ts';
import { REJECTING_CODES } from '../../src/contracts/ticket-system.ts';
import { type Attempt, type RetryPolicy, retry } from '../../src/resilience/retry.ts';

const OUTCOMES = httpOutcomes({ rejecting: REJECTING_CODES });

/** The share of a create's time that reading the vault may take, as in the product's create. */
const VAULT_READ_SHARE = 0.2;

/** The ticket system rejected the create with a known code, so sending it again is pointless. */
class Rejected extends Error {
  override readonly name = 'Rejected';
}

/** Everything is retried except a rejection. */
const POLICY = {
  maxAttempts: 8,
  backOff: { baseMs: 250, capMs: 5_000 },
  budgetMs: 60_000,
  isRetryable: (error: unknown) => !(error instanceof Rejected),
} as const satisfies Omit<RetryPolicy, 'name'>;

/**
 * Gets a ticket for an order the way a simple script does: it retries each call and believes the first response.
 * @param using.createDeadlineMs time limit of each call, and of each attempt of the create
 * @returns the id of the ticket
 * @throws the error of the last attempt
 */
export async function issueTicket(
  orderId: string,
  using: { readonly ticketSystem: TicketSystem; readonly vault: PaymentVault; readonly createDeadlineMs: number },
): Promise<string> {
  const { ticketSystem, vault, createDeadlineMs: timeoutMs } = using;
  const withRetries = <T>(name: string, call: (attempt: Attempt) => Promise<T>) => retry(call, { ...POLICY, name });

  const { token } = await withRetries('token', ({ signal }) => ticketSystem.createToken({ timeoutMs, signal }));
  const { reservationId } = await withRetries('reservation', ({ signal }) =>
    ticketSystem.getReservation(orderId, { timeoutMs, signal, token }),
  );
  return withRetries('create', async ({ requestId, signal }) => {
    const deadlineMs = Date.now() + timeoutMs;
    const vaultTimeoutMs = timeoutMs * VAULT_READ_SHARE;
    const paymentInfo = await vault.readPaymentInfo(reservationId, { timeoutMs: vaultTimeoutMs, signal, token });
    const create = { orderId, reservationId, paymentInfo, deadlineMs, requestId };
    const call = { timeoutMs: deadlineMs - Date.now(), signal, token };
    const { exchange } = await ticketSystem.createTicket(create, call);
    const outcome = OUTCOMES.classify(exchange, { orderId, reservationId });
    if (outcome.kind === 'committed') return outcome.itemId;
    throw outcome.kind === 'rejected' ? new Rejected(outcome.reason) : new Error(outcome.reason);
  });
}
