import { createPaymentVault, VaultUnreadable } from '../../src/clients/payment-vault.ts';
import { createTicketSystemClient, type TicketSystem } from '../../src/clients/ticket-system.ts';
import { errorMessage } from '../../src/contracts/errors.ts';
import { freePort } from '../../src/platform/processes/free-port.ts';
import { AllFailed, firstThatSucceeds } from '../../src/resilience/fallback.ts';
import { isJson } from '../../testbed/is-json.ts';

const TIMEOUT_MS = 30_000;
/** The result of a read whose response must be repaired. */
export const MALFORMED = 'malformed JSON';

type Source = 'primary' | 'backup';
type Exchange = Awaited<ReturnType<TicketSystem['getPaymentMethod']>>;

/** One read of a source and its result, without the card. */
export interface Read {
  readonly source: Source;
  readonly came: string;
}

/** All reads for one reservation's card. */
export interface Chain {
  readonly orderId: string;
  readonly reservationId: string;
  readonly reads: readonly Read[];
  readonly card: string | undefined;
}

/** Reads a card as the product does, and records each read. */
export async function readCard(
  client: TicketSystem,
  { orderId, reservationId }: { readonly orderId: string; readonly reservationId: string },
  token: string,
): Promise<Chain> {
  const reads: Read[] = [];
  const vault = createPaymentVault({
    async getPaymentMethod(id, source, call) {
      const exchange = await client.getPaymentMethod(id, source, call);
      reads.push({ source, came: resultOf(exchange) });
      return exchange;
    },
  });
  try {
    const card = await vault.readPaymentInfo(reservationId, { timeoutMs: TIMEOUT_MS, token });
    return { orderId, reservationId, reads, card };
  } catch (error) {
    if (error instanceof VaultUnreadable) return { orderId, reservationId, reads, card: undefined };
    throw error;
  }
}

function resultOf(exchange: Exchange): string {
  if (exchange.kind === 'not sent') return exchange.kind;
  if (exchange.kind === 'no response') return exchange.errorCodes.join(', ');
  if (exchange.status !== 200) return `status ${exchange.status}`;
  return isJson(exchange.body) ? 'a complete response' : MALFORMED;
}

/**
 * Runs a list of operations that all fail.
 * @returns their errors, in order
 */
export async function failEverywhere(
  client: TicketSystem,
  reservationId: string,
  token: string,
): Promise<readonly string[]> {
  const down = createTicketSystemClient({ baseUrl: `http://127.0.0.1:${await freePort()}` });
  const readAt = (name: string, at: TicketSystem, source: Source) => ({
    name,
    async run() {
      const result = resultOf(await at.getPaymentMethod(reservationId, source, { timeoutMs: TIMEOUT_MS, token }));
      throw new Error(`${name}: ${result}`);
    },
  });
  try {
    await firstThatSucceeds([
      readAt('primary', client, 'primary'),
      readAt('backup', client, 'backup'),
      readAt('a vault that is down', down, 'primary'),
    ]);
    return [];
  } catch (error) {
    if (!(error instanceof AllFailed)) throw error;
    return error.errors.map(errorMessage);
  }
}
