import type { Faults } from '../../../src/demos/operate-service.ts';
import type { FaultKind, FaultRule, FaultShare } from '../../../src/faults/fault-rules.ts';
import { rulesOfShares } from '../../../src/faults/fault-rules.ts';
import { TICKET_SYSTEM_POINTS, type TicketSystemPoint } from '../../../src/faults/ticket-system-points.ts';
import type { SeededRandom } from '../../../src/simulation/seeded-random.ts';
import { LONGEST_DELAY_MS, LONGEST_LATE_COMMIT_MS } from '../intervals.ts';

/** How many of the calls of a point suffer something, on average over the rounds. */
const SHARES: Readonly<Record<TicketSystemPoint, number>> = {
  token: 0.2,
  reservation: 0.2,
  vault: 0.25,
  'create.before-commit': 0.25,
  'create.late-commit': 0.12,
  'create.after-commit': 0.35,
  validate: 0.2,
  void: 0.25,
};

/** A kind's weight among those of its point; default 1. Each time-out holds an order up. */
const WEIGHTS: Partial<Record<FaultKind, number>> = { timeout: 0.25 };

/** A fault plan with every kind at every point, each round with others in front. */
export function planFaults(random: SeededRandom): Required<Pick<Faults, 'seed' | 'rules'>> {
  const rules: FaultRule[] = [];
  for (const point in TICKET_SYSTEM_POINTS) {
    const kinds = TICKET_SYSTEM_POINTS[point as TicketSystemPoint];
    const weights = kinds.map((kind) => (WEIGHTS[kind] ?? 1) * (0.2 + random.next()));
    const sum = weights.reduce((total, weight) => total + weight, 0);
    const share = SHARES[point as TicketSystemPoint] * (0.6 + 0.8 * random.next());
    const shares = kinds.map((kind, index) => shareOf(random, point, kind, (share * (weights[index] ?? 0)) / sum));
    rules.push(...rulesOfShares(point, shares));
  }
  return { seed: random.between(0, 4_294_967_295), rules };
}

function shareOf(random: SeededRandom, point: string, kind: FaultKind, share: number): FaultShare {
  if (kind === 'delay') {
    const isLateCommit = point === 'create.late-commit';
    return {
      kind,
      share,
      delayMs: isLateCommit
        ? random.between(LONGEST_LATE_COMMIT_MS / 2, LONGEST_LATE_COMMIT_MS)
        : random.between(50, LONGEST_DELAY_MS),
    };
  }
  return kind === 'stale-read' ? { kind, share, delayMs: random.between(300, 3_000) } : { kind, share };
}
