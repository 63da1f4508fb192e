import { waitUntil } from '../../src/platform/processes/wait-until.ts';
import { readLedger } from '../../src/services/ticket-system/audit-ledger.ts';

/** When the worker, or the script, is killed, as the ticket system's ledger tells it. */
export interface KillMoment {
  /** Creates received. */
  readonly sends: number;
  /** Whether the newest of them was not committed: it was in flight, or had just failed. */
  readonly newestOpen: boolean;
}

/**
 * Waits for the moment of the kill: a quarter of the orders have sent a create, and the newest is not committed. Where
 * that is never seen, it is when as many creates have been received as there are orders. The moment is seen from outside,
 * and so is the like one for each strategy.
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
