import { ExponentialBackoff, fallback, handleAll, retry, wrap } from 'cockatiel';
import { jsonrepair } from 'jsonrepair';
import { Value } from 'typebox/value';
import { PaymentMethodAnswer } from '../contracts/ticket-system.ts';
import type { Call, TicketSystem } from './ticket-system.ts';

/** The vault gave no usable payment method. The message never repeats what the vault said: it may be a card number. */
export class VaultUnreadable extends Error {
  override readonly name = 'VaultUnreadable';
  /** The vault answered 401: a new token is needed. */
  readonly tokenRefused: boolean;

  constructor(problem: string, tokenRefused: boolean) {
    super(`the payment vault could not be read: ${problem}`);
    this.tokenRefused = tokenRefused;
  }
}

export type PaymentVault = ReturnType<typeof createPaymentVault>;

/**
 * Reads the payment method of a reservation: three times from the primary source, then from the backup.
 * Malformed JSON is repaired, then checked by schema.
 */
export function createPaymentVault(ticketSystem: Pick<TicketSystem, 'getPaymentMethod'>) {
  return {
    /**
     * @returns the whole card number, which must not leave the memory of the caller
     * @throws VaultUnreadable
     */
    async readPaymentInfo(reservationId: string, call: Call): Promise<string> {
      const read = (source: 'primary' | 'backup') => readFrom(ticketSystem, source, reservationId, call);
      const primaryThenBackup = wrap(
        fallback(handleAll, () => read('backup')),
        retry(handleAll, { maxAttempts: 2, backoff: new ExponentialBackoff({ initialDelay: 20, maxDelay: 200 }) }),
      );
      return primaryThenBackup.execute(() => read('primary'), call.signal);
    },
  };
}

async function readFrom(
  ticketSystem: Pick<TicketSystem, 'getPaymentMethod'>,
  source: 'primary' | 'backup',
  reservationId: string,
  call: Call,
): Promise<string> {
  const exchange = await ticketSystem.getPaymentMethod(reservationId, source, call);
  if (exchange.kind === 'no answer') throw new VaultUnreadable(`${source}: ${exchange.error.message}`, false);
  if (exchange.status !== 200) {
    throw new VaultUnreadable(`${source} answered ${exchange.status}`, exchange.status === 401);
  }
  const answer = repairJson(exchange.body);
  if (!Value.Check(PaymentMethodAnswer, answer)) {
    throw new VaultUnreadable(`${source} answered something that is no payment method`, false);
  }
  return answer.paymentInfo;
}

function repairJson(text: string): unknown {
  try {
    return JSON.parse(jsonrepair(text));
  } catch {
    return undefined;
  }
}
