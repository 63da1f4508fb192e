import { colors } from '../../src/platform/logging/colors.ts';
import type { Narrator } from '../../testbed/narrator.ts';
import type { EndedOrder } from '../../testbed/play-orders.ts';
import type { LateVoids } from '../../testbed/quiescence.ts';

/** What the table shows of an order. */
interface OrderRow {
  readonly orderId: string;
  /** Attempts to create a ticket, including those that were not sent. */
  readonly creates: number;
  /** The outcomes other than committed, in order. */
  readonly failed: readonly string[];
  readonly resolved: string;
  readonly ticketId: string | undefined;
  readonly voided: readonly string[];
}

export function rowOf({ orderId, ending, progress }: EndedOrder, lateVoids: LateVoids): OrderRow {
  const outcomes = progress?.outcomes ?? [];
  const voided = [...(progress?.voidedTicketIds ?? []), ...(lateVoids.get(orderId) ?? [])];
  return {
    orderId,
    creates: progress?.createAttempts ?? 0,
    failed: outcomes.filter((outcome) => !outcome.startsWith('committed')),
    resolved: resolutionOf(ending.kind === 'result', outcomes.at(-1), voided.length),
    ticketId: ending.kind === 'result' ? ending.result.ticketId : undefined,
    voided,
  };
}

function resolutionOf(hasTicket: boolean, lastOutcome: string | undefined, voided: number): string {
  if (!hasTicket) return 'no ticket';
  const found = lastOutcome?.startsWith('committed') ? 'created and validated' : 'found by validating';
  return voided === 0 ? found : `${found}, ${voided} surplus voided`;
}

/** Prints a line per order, followed by a line for each create that failed. */
export function printOrders(rows: readonly OrderRow[], narrator: Narrator): void {
  const width = Math.max(5, ...rows.map(({ orderId }) => orderId.length));
  const resolvedWidth = Math.max(8, ...rows.map(({ resolved }) => resolved.length));
  narrator.line(colors.dim(`${'order'.padEnd(width)}  creates  ${'resolved'.padEnd(resolvedWidth)}  ticket`));
  for (const { orderId, creates, resolved, ticketId, failed } of rows) {
    const columns = [
      orderId.padEnd(width),
      String(creates).padStart(7),
      resolved.padEnd(resolvedWidth),
      ticketId ?? 'none',
    ];
    narrator.line(columns.join('  '));
    for (const outcome of failed) narrator.line(colors.dim(`${' '.repeat(width)}           ${outcome}`));
  }
}
