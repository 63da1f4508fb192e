import { colors } from '../src/platform/logging/colors.ts';
import type { EndedOrder, LateVoids } from './follow-orders.ts';
import type { Narrator } from './narrator.ts';

/** One order of a demo, as its line tells it. */
export interface OrderScenario {
  readonly orderId: string;
  readonly creates: number;
  /** What failed, in order. */
  readonly failed: readonly string[];
  readonly resolved: string;
  readonly ticketId: string | undefined;
  readonly voided: readonly string[];
}

export function scenarioOf({ orderId, ending, progress }: EndedOrder, lateVoids: LateVoids): OrderScenario {
  const outcomes = progress?.outcomes ?? [];
  const voided = [...(progress?.voidedTicketIds ?? []), ...(lateVoids.get(orderId) ?? [])];
  return {
    orderId,
    creates: progress?.createAttempts ?? 0,
    failed: outcomes.filter((outcome) => !outcome.startsWith('committed')),
    resolved: resolution(ending.kind === 'result', outcomes.at(-1), voided.length),
    ticketId: ending.kind === 'result' ? ending.result.ticketId : undefined,
    voided,
  };
}

function resolution(hasTicket: boolean, lastOutcome: string | undefined, voided: number): string {
  if (!hasTicket) return 'no ticket';
  const found = lastOutcome?.startsWith('committed') ? 'created and seen' : 'found by validating';
  return voided === 0 ? found : `${found}, ${voided} late one${voided === 1 ? '' : 's'} voided`;
}

/** One line per order: creates sent or tried, what failed, how it was resolved, the ticket. */
export function printOrders(scenarios: readonly OrderScenario[], narrator: Narrator): void {
  const width = Math.max(5, ...scenarios.map(({ orderId }) => orderId.length));
  const resolvedWidth = Math.max(8, ...scenarios.map(({ resolved }) => resolved.length));
  narrator.line(colors.dim(`${'order'.padEnd(width)}  creates  ${'resolved'.padEnd(resolvedWidth)}  ticket`));
  for (const { orderId, creates, resolved, ticketId, failed } of scenarios) {
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
