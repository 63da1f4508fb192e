import { waitUntil } from '../../src/platform/processes/wait-until.ts';
import { readLedger } from '../../src/services/ticket-system/audit-ledger.ts';

/** An order that has a ticket or has failed, as the strategy itself reports it. */
export interface EndedOrder {
  readonly orderId: string;
  /** `unfinished`: it had not ended after {@link END_WITHIN_MS} and was stopped. */
  readonly reported: 'ticket' | 'failure' | 'unfinished';
  /** From its submission to its end. */
  readonly tookMs: number;
}

/** A strategy's orders, from their submission to their ends. */
export interface StrategyRun {
  readonly killed: KillMoment;
  readonly ended: readonly EndedOrder[];
}

export interface RunListener {
  readonly onKilled: (moment: KillMoment) => void;
  /** @param count how many orders have ended so far */
  readonly onEnded: (count: number) => void;
}

/** The longest wait for an order; one that takes longer is stopped. */
export const END_WITHIN_MS = 300_000;

/** What the ticket system's ledger held when the worker, or the script, was killed. */
export interface KillMoment {
  /** Creates received. */
  readonly sends: number;
  /** Whether the newest of them was not committed: it was in flight, or had just failed. */
  readonly newestOpen: boolean;
}

/**
 * Waits for the moment of the kill: a quarter of the orders have sent a create, and the newest create is not committed.
 * If that never shows, the moment comes when as many creates have been received as there are orders. It is read from the
 * ledger, so it is the same for each strategy.
 */
export function untilKillMoment(databaseDir: string, orders: number): Promise<KillMoment> {
  return waitUntil(
    async () => {
      const { lines } = await readLedger(databaseDir);
      const sends = lines.filter(({ kind }) => kind === 'received').length;
      const newestOpen = lines.at(-1)?.kind === 'received';
      return ((sends >= orders / 4 && newestOpen) || sends >= orders) && { sends, newestOpen };
    },
    { what: 'creates in flight', timeoutMs: 60_000, everyMs: 1 },
  );
}
