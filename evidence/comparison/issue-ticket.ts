import { classifyOutcome } from 'exactly-one';
import type { PaymentVault } from '../../src/clients/payment-vault.ts';
import type { TicketSystem } from '../../src/clients/ticket-system.ts';
import { type Attempt, type RetryPolicy, retry } from '../../src/resilience/retry.ts';

/** The share of a create's time that one read of the vault may take, as in the product's create. */
const VAULT_READ_SHARE = 0.2;

/** The ticket system refused the create with a known code: sending it again is of no use. */
class Refused extends Error {
  override readonly name = 'Refused';
}

/** Whatever failed is tried again, but for a refusal. */
const POLICY = {
  maxAttempts: 8,
  backOff: { baseMs: 250, capMs: 5_000 },
  budgetMs: 60_000,
  isRetryable: (error: unknown) => !(error instanceof Refused),
} as const satisfies Omit<RetryPolicy, 'name'>;

/**
 * Gets a ticket for an order as a plain program does: each call with retries, and the first answer is believed.
 * @param using.createDeadlineMs how long each call is waited for, and with it each attempt of the create
 * @returns the id of the ticket
 * @throws the error of the last attempt
 */
export async function issueTicket(
  orderId: string,
  using: { readonly ticketSystem: TicketSystem; readonly vault: PaymentVault; readonly createDeadlineMs: number },
): Promise<string> {
  const { ticketSystem, vault, createDeadlineMs: timeoutMs } = using;
  const again = <T>(name: string, call: (attempt: Attempt) => Promise<T>) => retry(call, { ...POLICY, name });

  const { token } = await again('token', ({ signal }) => ticketSystem.createToken({ timeoutMs, signal }));
  const { reservationId } = await again('reservation', ({ signal }) =>
    ticketSystem.getReservation(orderId, { timeoutMs, signal, token }),
  );
  return again('create', async ({ requestId, signal }) => {
    const deadlineMs = Date.now() + timeoutMs;
    const paymentInfo = await vault.readPaymentInfo(reservationId, {
      ...{ timeoutMs: timeoutMs * VAULT_READ_SHARE, signal, token },
    });
    const create = { orderId, reservationId, paymentInfo, deadlineMs, requestId };
    const call = { timeoutMs: deadlineMs - Date.now(), signal, token };
    const { exchange } = await ticketSystem.createTicket(create, call);
    const outcome = classifyOutcome(exchange, { orderId, reservationId });
    if (outcome.kind === 'committed') return outcome.itemId;
    throw outcome.kind === 'rejected' ? new Refused(outcome.reason) : new Error(outcome.reason);
  });
}
