import type { Troubles } from './fault-mix.ts';
import { type PlannedVoid, WELL } from './scenario.ts';

/** What happens to one void. */
export function generateVoid(troubles: Troubles): PlannedVoid {
  const { random, share, guarantee, duplicates, headersLost } = troubles;
  if (!random.chance(share)) return WELL.void;
  const isReplayed = duplicates && guarantee === 'idempotency-key' && random.chance(0.4);
  return {
    arrivesAfterMs: random.chance(0.15) ? undefined : random.pick([random.between(1, 50), random.between(1, 3_000)]),
    answeredAfterMs: random.between(1, 300),
    ...(isReplayed ? { arrivesAgainAfterMs: random.between(1, 3_000) } : {}),
    reply: random.pick(['truth', 'truth', 'error', 'yes, without effect']),
    losesDeadline: headersLost && random.chance(0.3),
    keeperGoes: random.chance(0.2),
  };
}
