import { colors } from '../../src/platform/logging/colors.ts';
import { orderKind } from '../../src/starter/order.ts';
import type { Narrator } from '../../testbed/narrator.ts';
import type { EndedOrder } from '../../testbed/play-orders.ts';
import type { LateVoids } from '../../testbed/quiescence.ts';

/** What the table shows of an order. */
interface OrderRow {
  readonly orderId: string;
  /** Attempts to create a ticket, including those that were not sent; undefined if nobody reported them. */
  readonly creates: number | undefined;
  /** The outcomes other than committed, in order. */
  readonly failed: readonly string[];
  readonly resolved: string;
  /** Undefined if the order returned none. */
  readonly ticketId: string | undefined;
  readonly voided: readonly string[];
}

export function rowOf({ orderId, ending, progress }: EndedOrder, lateVoids: LateVoids): OrderRow {
  const outcomes = progress?.outcomes ?? [];
  const result = ending.kind === 'result' ? ending.result : undefined;
  const voided = [...(progress?.voidedTicketIds ?? []), ...(lateVoids.get(orderId) ?? [])];
  return {
    orderId,
    creates: progress?.createAttempts ?? result?.createAttempts,
    failed: outcomes.filter((outcome) => !outcome.startsWith('committed')),
    resolved:
      ending.kind === 'result'
        ? resolutionOf(progress?.outcomes, voided.length)
        : orderKind.failures.headline(ending.code),
    ticketId: result?.ticketId,
    voided,
  };
}

/** @param outcomes undefined when no worker reported them */
function resolutionOf(outcomes: readonly string[] | undefined, voided: number): string {
  const isCreated = outcomes?.at(-1)?.startsWith('committed');
  const found = outcomes === undefined ? 'completed' : isCreated ? 'created and validated' : 'found by validating';
  return voided === 0 ? found : `${found}, ${voided} surplus voided`;
}

/** More failed creates than these are summed up. */
const MAX_LISTED = 6;

/** Prints a line per order, and what came of the creates that failed. */
export function printOrders(rows: readonly OrderRow[], narrator: Pick<Narrator, 'line'>): void {
  const width = Math.max(5, ...rows.map(({ orderId }) => orderId.length));
  const ticketWidth = Math.max(6, ...rows.map(({ ticketId }) => ticketId?.length ?? 0));
  const failures = rows.flatMap(({ failed }) => failed);
  const isListed = failures.length <= MAX_LISTED;
  narrator.line(colors.dim(`${'order'.padEnd(width)}  creates  ${'ticket'.padEnd(ticketWidth)}  how`));
  for (const { orderId, creates, resolved, ticketId, failed } of rows) {
    const columns = [
      orderId.padEnd(width),
      String(creates ?? 'unknown').padStart(7),
      (ticketId ?? '').padEnd(ticketWidth),
      resolved,
    ];
    narrator.line(columns.join('  '), width + 11);
    if (isListed) for (const outcome of failed) narrator.line(colors.dim(`${' '.repeat(width + 11)}${outcome}`));
  }
  if (isListed) return;
  narrator.line();
  narrator.line(colors.dim('what came of the other creates'));
  for (const [outcome, times] of mostFrequent(failures)) narrator.line(`${String(times).padStart(4)} × ${outcome}`, 7);
}

function mostFrequent(texts: readonly string[]): readonly (readonly [string, number])[] {
  const times = new Map<string, number>();
  for (const text of texts) times.set(text, (times.get(text) ?? 0) + 1);
  return [...times].sort(([, one], [, other]) => other - one);
}
