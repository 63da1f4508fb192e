import { access } from 'node:fs/promises';
import path from 'node:path';
import type { EndedOrder } from '../../testbed/follow-orders.ts';
import type { Stage } from '../../testbed/stage.ts';

export interface Verdict {
  readonly orders: number;
  /** Live tickets in the database. */
  readonly tickets: number;
  /** Orders with more than one live ticket. */
  readonly duplicates: number;
  /** Orders with none. */
  readonly lost: number;
  /** Everything that speaks against the run, a sentence each. */
  readonly wrong: readonly string[];
}

/**
 * Judges all orders of a stage by its database: the audit counts from files and ledger alone, knowing nothing of the
 * workflow, and each promised ticket must lie there and not be voided.
 */
export async function judge(
  stage: Pick<Stage, 'audit' | 'databaseDir'>,
  ended: readonly EndedOrder[],
): Promise<Verdict> {
  const { counts, problems } = await stage.audit();
  const promises = await Promise.all(ended.map((order) => brokenPromise(stage.databaseDir, order)));
  const orders = ended.length;
  const lost = orders - counts.exactlyOne - counts.duplicates;
  return {
    orders,
    tickets: counts.commits - counts.voided,
    duplicates: counts.duplicates,
    lost,
    wrong: [
      ...(counts.duplicates > 0 ? [`${counts.duplicates} orders have more than one live ticket`] : []),
      ...(lost > 0 ? [`${lost} orders have no live ticket`] : []),
      ...promises.filter((promise) => promise !== undefined),
      ...problems,
    ],
  };
}

export function verdictLine({ orders, tickets, duplicates, lost }: Verdict): string {
  return `${orders} orders, ${tickets} tickets, ${duplicates} duplicates, ${lost} lost`;
}

async function brokenPromise(databaseDir: string, { orderId, ending }: EndedOrder): Promise<string | undefined> {
  if (ending.kind === 'no result') return `${orderId} ended without a ticket: ${ending.error}`;
  const { reservationId, ticketId } = ending.result;
  const file = path.join(databaseDir, 'tickets', orderId, `${reservationId}-${ticketId}`);
  const [stored, voided] = await Promise.all([exists(`${file}.json`), exists(`${file}.void.json`)]);
  if (!stored) return `${orderId} was promised ${ticketId}, which is not in the database`;
  return voided ? `${orderId} was promised ${ticketId}, which is voided` : undefined;
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
