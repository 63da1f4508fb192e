import type { BackOff } from 'exactly-one';
import { errorMessage } from '../contracts/errors.ts';
import { PaymentMethodResponse } from '../contracts/ticket-system.ts';
import { AllFailed, firstThatSucceeds } from '../resilience/fallback.ts';
import { type FailedAttempt, retry } from '../resilience/retry.ts';
import { requestStructured, UnstructuredResponse } from '../resilience/structured-response.ts';
import type { TicketSystem, TicketSystemCall } from './ticket-system.ts';

const PRIMARY_READS = 3;
const BACK_OFF: BackOff = { baseMs: 20, capMs: 200 };

/**
 * Neither source of the vault returned a usable payment method. The message never quotes a response, which could
 * contain a card number.
 */
export class VaultUnreadable extends Error {
  override readonly name = 'VaultUnreadable';
  readonly problem: string;
  /** The last source that was read responded with 401: a new token is needed. */
  readonly tokenRefused: boolean;

  constructor(problem: string, tokenRefused: boolean) {
    super(`the payment vault could not be read: ${problem}`);
    this.problem = problem;
    this.tokenRefused = tokenRefused;
  }
}

export type PaymentVault = ReturnType<typeof createPaymentVault>;

/**
 * Reads the payment method of a reservation: up to three times from the primary source, then once from the backup.
 * Malformed JSON is repaired, then checked by schema.
 * @param log called for every failed read of the primary source
 */
export function createPaymentVault(
  ticketSystem: Pick<TicketSystem, 'getPaymentMethod'>,
  log: (failed: FailedAttempt) => void = () => undefined,
) {
  return {
    /**
     * @param call its timeout applies to each of up to four reads
     * @returns the complete card number, which must not leave the memory of the caller
     * @throws VaultUnreadable with the problems of both sources
     */
    async readPaymentInfo(reservationId: string, call: TicketSystemCall): Promise<string> {
      const read = (source: 'primary' | 'backup') => readFrom(ticketSystem, source, reservationId, call);
      const primary = () =>
        retry(() => read('primary'), {
          name: 'read the primary vault',
          maxAttempts: PRIMARY_READS,
          backOff: BACK_OFF,
          budgetMs: PRIMARY_READS * call.timeoutMs,
          // Reading is safe to repeat, whatever went wrong.
          isRetryable: () => true,
          log,
          ...(call.signal === undefined ? {} : { signal: call.signal }),
        });
      try {
        return await firstThatSucceeds([
          { name: 'primary', run: primary },
          { name: 'backup', run: () => read('backup') },
        ]);
      } catch (error) {
        throw error instanceof AllFailed ? unreadable(error) : error;
      }
    },
  };
}

function unreadable({ errors, cause }: AllFailed): unknown {
  if (!(cause instanceof VaultUnreadable)) return cause;
  const problems = errors.flatMap((error) => (error instanceof VaultUnreadable ? [error.problem] : []));
  return new VaultUnreadable(problems.join(', then '), cause.tokenRefused);
}

async function readFrom(
  ticketSystem: Pick<TicketSystem, 'getPaymentMethod'>,
  source: 'primary' | 'backup',
  reservationId: string,
  call: TicketSystemCall,
): Promise<string> {
  const request = async () => {
    const exchange = await ticketSystem.getPaymentMethod(reservationId, source, call);
    if (exchange.kind === 'not sent') throw new VaultUnreadable(`${source}: ${exchange.reason}`, false);
    if (exchange.kind === 'no response') throw new VaultUnreadable(`${source}: ${errorMessage(exchange.error)}`, false);
    if (exchange.status !== 200) {
      throw new VaultUnreadable(`${source} responded with ${exchange.status}`, exchange.status === 401);
    }
    return exchange.body;
  };
  try {
    const { paymentInfo } = await requestStructured({ request, schema: PaymentMethodResponse, maxAttempts: 1 });
    return paymentInfo;
  } catch (error) {
    if (!(error instanceof UnstructuredResponse)) throw error;
    throw new VaultUnreadable(`${source} responded with something other than a payment method`, false);
  }
}
