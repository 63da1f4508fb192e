import { createFaultPlan } from '../../../src/services/faults/fault-plan.ts';
import type { FaultRule } from '../../../src/services/faults/fault-rules.ts';
import type { CarrierPoint } from './carrier-service.ts';
import { TIMINGS } from './timings.ts';

/** After the deadline but before the fence, and after the fence but before the late watch ends. */
const LATE_COMMITS_MS = [TIMINGS.createDeadlineMs + 200, TIMINGS.createDeadlineMs + TIMINGS.settleMs + 1_500];

const RULES: readonly FaultRule<CarrierPoint>[] = [
  { point: 'create.before-commit', kind: 'error-500', probability: 0.2 },
  ...LATE_COMMITS_MS.map(
    (delayMs) => ({ point: 'create.late-commit', kind: 'delay', probability: 0.2, delayMs }) as const,
  ),
  { point: 'create.after-commit', kind: 'connection-reset', probability: 0.3 },
  { point: 'create.after-commit', kind: 'error-500', probability: 0.2 },
  // The carrier refuses although it has printed the label.
  { point: 'create.after-commit', kind: 'error-4xx', probability: 0.2 },
  { point: 'list', kind: 'error-500', probability: 0.1 },
  { point: 'list', kind: 'connection-reset', probability: 0.05 },
  { point: 'list', kind: 'stale-read', probability: 0.2 },
  { point: 'void', kind: 'error-500', probability: 0.3 },
];

/** Faults at every point. The same seed gives the same faults to the same parcels. */
export function seededFaults(seed: number) {
  return createFaultPlan({}, { seed, rules: RULES });
}
