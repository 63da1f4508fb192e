import type { Troubles } from './fault-mix.ts';
import type { CheckTrouble, PlannedCheck } from './scenario.ts';

const LOOK_TROUBLES: readonly [CheckTrouble, ...CheckTrouble[]] = [
  'error',
  'lost',
  'of another order',
  'of another reservation',
  'lacks what was seen',
  'lacks what was seen',
  'revives a void',
  'revives a void',
  'both live and voided',
  'listed twice',
  'from the future',
  'time unreadable',
];

/** What happens to one look at the items. */
export function generateCheck({ random, share, lies, stale, delays, timings }: Troubles): PlannedCheck {
  const isTroubled = random.chance(share);
  const { clockSkewMs } = timings;
  return {
    arrivesAfterMs: delays && random.chance(0.4) ? random.between(0, 400) : random.between(0, 5),
    answeredAfterMs: delays && random.chance(0.4) ? random.between(0, 400) : random.between(0, 5),
    staleMs:
      stale && isTroubled ? random.pick([random.between(0, clockSkewMs), random.between(0, 5_000), clockSkewMs]) : 0,
    ...(lies && isTroubled ? { trouble: random.pick(LOOK_TROUBLES) } : {}),
    heardAfterMs: delays && random.chance(0.3) ? random.between(0, 1_500) : random.between(0, 3),
  };
}
