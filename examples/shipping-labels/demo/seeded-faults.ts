import { createFaultPlan } from '../../../src/services/faults/fault-plan.ts';
import type { FaultRule } from '../../../src/services/faults/fault-rules.ts';
import type { CarrierPoint } from './carrier-service.ts';
import { TIMINGS } from './stage.ts';

/** After its deadline but before its fence, and after its fence; all that commits after the final check is not covered. */
const LATE_COMMITS_MS = [TIMINGS.createDeadlineMs + 200, TIMINGS.createDeadlineMs + TIMINGS.settleMs + 1_500];

const RULES: readonly FaultRule<CarrierPoint>[] = [
  { point: 'create.before-commit', kind: 'error-500', probability: 0.2 },
  ...LATE_COMMITS_MS.map(
    (delayMs) => ({ point: 'create.late-commit', kind: 'delay', probability: 0.2, delayMs }) as const,
  ),
  { point: 'create.after-commit', kind: 'connection-reset', probability: 0.3 },
  { point: 'create.after-commit', kind: 'error-500', probability: 0.2 },
  // A refusal that is a lie: the label is printed.
  { point: 'create.after-commit', kind: 'error-4xx', probability: 0.2 },
  { point: 'list', kind: 'error-500', probability: 0.1 },
  { point: 'list', kind: 'connection-reset', probability: 0.05 },
  { point: 'list', kind: 'stale-read', probability: 0.2 },
  { point: 'void', kind: 'error-500', probability: 0.3 },
];

/** Everything goes wrong that can, the same for the same seed and the same parcels. */
export function seededFaults(seed: number) {
  return createFaultPlan({}, { seed, rules: RULES });
}
