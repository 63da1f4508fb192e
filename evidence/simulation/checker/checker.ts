import type { Guarantee, Timings } from 'exactly-one';
import type { TrueItem } from '../simulated/ticket-system.ts';
import type { CheckedOrder } from './checked-order.ts';
import { checkCreates } from './create-rules.ts';
import { INVARIANTS, type Violation } from './invariants.ts';
import { type RunRecord, tell } from './records.ts';
import { checkResponses } from './response-rules.ts';
import { checkRuns } from './run-rules.ts';
import { checkService } from './ticket-system-rules.ts';
import { checkVoids } from './void-rules.ts';

/** Knows the true state of the ticket system and all that the order does, and says what is wrong the moment it is. */
export type Checker = ReturnType<typeof createChecker>;

export function createChecker({
  onViolation,
  ...options
}: {
  readonly guarantee: Guarantee;
  readonly orderId: string;
  readonly timings: Timings;
  readonly live: () => readonly TrueItem[];
  readonly onViolation: (violation: Violation) => void;
}) {
  const runs = new Map<string, RunRecord>();
  const order: CheckedOrder = {
    ...options,
    liveIds: () => options.live().map(({ itemId }) => itemId),
    runs,
    recordOf: (runId) => {
      const run = runs.get(runId);
      if (run === undefined) throw new Error(`the checker was never told that ${runId} began`);
      return run;
    },
    promised: undefined,
    report: (invariant, what) => onViolation({ invariant, what: `${INVARIANTS[invariant]}: ${what}` }),
  };
  return {
    report: order.report,
    witness: checkService(order),
    ...checkRuns(order),
    ...checkResponses(order),
    ...checkCreates(order),
    ...checkVoids(order),
    cancelRequested: (runId: string) => {
      order.recordOf(runId).cancelRequested = true;
    },
    told: (runId: string, told: Guarantee) => tell(order.recordOf(runId), told),
  };
}
