import { access } from 'node:fs/promises';
import path from 'node:path';
import { counted } from '../../src/contracts/counted.ts';
import type { EndedOrder } from '../../testbed/play-orders.ts';
import type { Stage } from '../../testbed/stage.ts';

interface Verdict {
  readonly orders: number;
  /** Live tickets in the database. */
  readonly tickets: number;
  /** Orders with more than one live ticket. */
  readonly duplicates: number;
  /** Orders with none. */
  readonly lost: number;
  /** Everything that is wrong, one sentence each. */
  readonly problems: readonly string[];
}

/**
 * Compares how the orders of a stage ended with its database. The audit counts files and ledger lines and shares no code
 * with the workflow. Each ticket that an order returned must be stored and live.
 */
export async function judge(
  stage: Pick<Stage, 'audit' | 'databaseDir'>,
  ended: readonly EndedOrder[],
): Promise<Verdict> {
  const { counts, problems } = await stage.audit();
  const broken = await Promise.all(ended.map((order) => problemOf(stage.databaseDir, order)));
  const orders = ended.length;
  const lost = orders - counts.exactlyOne - counts.duplicates;
  return {
    orders,
    tickets: counts.commits - counts.voided,
    duplicates: counts.duplicates,
    lost,
    problems: [
      ...(counts.duplicates > 0 ? [`orders with more than one live ticket: ${counts.duplicates}`] : []),
      ...(lost > 0 ? [`orders without a live ticket: ${lost}`] : []),
      ...broken.filter((problem) => problem !== undefined),
      ...problems,
    ],
  };
}

/** What is wrong and is not in these numbers is counted at the end. */
export function verdictLine({ orders, tickets, duplicates, lost, problems }: Verdict): string {
  const numbers = [
    counted(orders, 'order'),
    counted(tickets, 'ticket'),
    counted(duplicates, 'duplicate'),
    `${lost} lost`,
  ];
  const others = duplicates + lost === 0 && problems.length > 0 ? [counted(problems.length, 'problem')] : [];
  return [...numbers, ...others].join(', ');
}

async function problemOf(databaseDir: string, { orderId, ending }: EndedOrder): Promise<string | undefined> {
  if (ending.kind === 'no result') return `${orderId} ended without a ticket: ${ending.error}`;
  const { reservationId, ticketId, resolution } = ending.result;
  if (resolution !== undefined) return `${orderId} has ${ticketId} by what ${resolution.by} said, which is no proof`;
  const file = path.join(databaseDir, 'tickets', orderId, `${reservationId}-${ticketId}`);
  const [stored, voided] = await Promise.all([exists(`${file}.json`), exists(`${file}.void.json`)]);
  if (!stored) return `${orderId} returned ${ticketId}, which is not in the database`;
  return voided ? `${orderId} returned ${ticketId}, which is voided` : undefined;
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
