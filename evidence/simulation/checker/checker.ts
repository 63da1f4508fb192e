import type { Guarantee } from 'exactly-one';
import { createRules } from './create-rules.ts';
import { INVARIANTS, type Violation } from './invariants.ts';
import { type OrderRecord, type RunRecord, recordGuarantee } from './records.ts';
import { resolutionRules } from './resolution-rules.ts';
import { responseRules } from './response-rules.ts';
import { runRules } from './run-rules.ts';
import { ticketSystemRules } from './ticket-system-rules.ts';
import { voidRules } from './void-rules.ts';
import { watchRules } from './watch-rules.ts';

export type Checker = ReturnType<typeof createChecker>;

/**
 * Checks the invariants. It is notified of everything that an order and its late watches do, knows the true state of the
 * ticket system, and reports a violation at the moment it happens.
 */
export function createChecker({
  onViolation,
  ...options
}: Pick<OrderRecord, 'guarantee' | 'orderId' | 'timings' | 'liveTickets'> & {
  readonly onViolation: (violation: Violation) => void;
}) {
  const runs = new Map<string, RunRecord>();
  const order: OrderRecord = {
    ...options,
    liveIds: () => options.liveTickets().map(({ itemId }) => itemId),
    runs,
    recordOf: (runId) => {
      const run = runs.get(runId);
      if (run === undefined) throw new Error(`the checker was not notified that ${runId} started`);
      return run;
    },
    promised: undefined,
    promisedIsRemoved: false,
    watched: new Set(),
    wrongClaims: new Set(),
    report: (invariant, what) => onViolation({ invariant, what: `${INVARIANTS[invariant]}: ${what}` }),
  };
  return {
    report: order.report,
    ticketSystemObserver: ticketSystemRules(order),
    ...runRules(order),
    ...responseRules(order),
    ...createRules(order),
    ...voidRules(order),
    ...watchRules(order),
    ...resolutionRules(order),
    cancellationRequested: (runId: string) => {
      order.recordOf(runId).cancelRequested = true;
    },
    guaranteeRead: (runId: string, guarantee: Guarantee) => recordGuarantee(order.recordOf(runId), guarantee),
  };
}
