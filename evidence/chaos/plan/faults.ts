import { MAX_SEED } from '../../../src/contracts/whole-number.ts';
import { type FaultKind, type FaultRule, rulesOfShares } from '../../../src/services/faults/fault-rules.ts';
import { TICKET_SYSTEM_POINTS, type TicketSystemPoint } from '../../../src/services/faults/ticket-system-faults.ts';
import type { Faults } from '../../../testbed/put-faults.ts';
import type { SeededRandom } from '../../../testbed/seeded-random.ts';
import { LONGEST_DELAY_MS, LONGEST_LATE_COMMIT_MS, TIMINGS } from '../timings.ts';

/** The share of the calls of each point that meet a fault, on average over the rounds. */
const SHARES: Readonly<Record<TicketSystemPoint, number>> = {
  token: 0.04,
  reservation: 0.05,
  vault: 0.06,
  'create.before-commit': 0.08,
  'create.late-commit': 0.08,
  'create.after-commit': 0.1,
  validate: 0.04,
  void: 0.25,
};

/** A kind's weight among the kinds of its point; default 1. A time-out is rarer, since it holds up its order. */
const WEIGHTS: Partial<Record<FaultKind, number>> = { timeout: 0.25 };

/** A fault plan with every kind of fault at every point, in proportions that differ from round to round. */
export function planFaults(random: SeededRandom): Required<Pick<Faults, 'seed' | 'rules'>> {
  const rules: FaultRule[] = [];
  for (const point in TICKET_SYSTEM_POINTS) {
    const kinds = kindsAt(point as TicketSystemPoint);
    const weights = kinds.map((kind) => (WEIGHTS[kind] ?? 1) * (0.2 + random.next()));
    const sum = weights.reduce((total, weight) => total + weight, 0);
    const share = SHARES[point as TicketSystemPoint] * (0.6 + 0.8 * random.next());
    const shares = kinds.map((kind, index) => ({
      kind,
      share: (share * (weights[index] ?? 0)) / sum,
      ...delayOf(random, point, kind, index),
    }));
    rules.push(...rulesOfShares(point, shares));
  }
  return { seed: random.between(0, MAX_SEED), rules };
}

/**
 * Two kinds of late commit: one before the create's deadline, one after its order has settled, for the late watch; and
 * creates that are accepted and finished later.
 */
function kindsAt(point: TicketSystemPoint): readonly FaultKind[] {
  return point === 'create.late-commit' ? ['delay', 'delay', 'accept-later'] : TICKET_SYSTEM_POINTS[point];
}

function delayOf(random: SeededRandom, point: string, kind: FaultKind, index: number): { delayMs?: number } {
  if (kind === 'stale-read') return { delayMs: random.between(300, 3_000) };
  if (kind === 'accept-later') return { delayMs: random.between(300, TIMINGS.createDeadlineMs) };
  if (kind !== 'delay') return {};
  if (point !== 'create.late-commit') return { delayMs: random.between(50, LONGEST_DELAY_MS) };
  const { createDeadlineMs, acceptWithinMs, settleMs, clockSkewMs } = TIMINGS;
  const settledMs = createDeadlineMs + acceptWithinMs + settleMs + clockSkewMs;
  return {
    delayMs: index === 0 ? random.between(300, createDeadlineMs) : random.between(settledMs, LONGEST_LATE_COMMIT_MS),
  };
}
