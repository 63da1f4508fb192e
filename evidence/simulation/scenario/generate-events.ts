import type { Troubles } from './fault-mix.ts';
import type { ClockStep, Moment, Occasion, Scenario } from './scenario.ts';
import { times } from './times.ts';

/** Terminations, each with what the clocks do then, and what they do otherwise. */
export function generateInterruptions(troubles: Troubles): Pick<Scenario, 'terminations' | 'clockSteps'> {
  const { random } = troubles;
  const clocksAreOff = random.chance(0.6);
  const clockSteps: ClockStep[] = [];
  const set = (at: Moment, whose: ClockStep['whose']) => {
    if (clocksAreOff) clockSteps.push({ at, whose, offMs: offOf(troubles) });
  };
  const beginning: Moment = { after: 'begin', nth: 0, plusMs: 0 };
  for (const whose of ['service', 'worker', 'Temporal'] as const) set(beginning, whose);
  for (let count = random.between(0, 2); count > 0; count -= 1) set(generateMoment(troubles), 'service');
  if (random.chance(0.2)) set(generateMoment(troubles), 'worker');
  if (random.chance(0.1)) clockSteps.push(...wrongWorkerClock(troubles));
  const terminations = random.chance(0.4)
    ? times(random.between(1, 2), () => {
        const at = generateMoment(troubles);
        if (random.chance(0.7)) set(at, 'Temporal');
        return { at, resubmitAfterMs: random.chance(0.5) ? random.between(0, 20) : random.between(0, 1_500) };
      })
    : [];
  return { terminations, clockSteps };
}

/** Half the allowance at most, so that no two clocks differ by more than the allowance; often at its limit. */
function offOf({ random, timings }: Troubles): number {
  const most = timings.clockSkewMs / 2;
  return random.chance(0.6) ? random.pick([-most, most]) : random.between(-most, most);
}

/** A worker's clock is wrong beyond all allowance, and mended later: orders wait so long. */
function wrongWorkerClock({ random }: Troubles): readonly ClockStep[] {
  const at: Moment = { after: random.pick(['begin', 'look', 'create']), nth: 1, plusMs: random.between(0, 50) };
  const mendedAt: Moment = { ...at, plusMs: at.plusMs + random.between(1, 3_000) };
  return [
    { at, whose: 'worker', offMs: random.pick([-50_000, 50_000]) },
    { at: mendedAt, whose: 'worker', offMs: 0 },
  ];
}

/** A moment of an order: some time after the n-th of something. */
export function generateMoment({ random, timings }: Troubles): Moment {
  const { createDeadlineMs, settleMs, clockSkewMs } = timings;
  const plusMs = random.pick([
    random.between(0, 5),
    random.between(0, 60),
    random.between(0, 600),
    createDeadlineMs + random.between(-clockSkewMs, 2 * clockSkewMs),
    random.between(0, createDeadlineMs + settleMs),
  ]);
  const after = random.pick<Occasion>([
    'begin',
    'create',
    'create',
    'commit',
    'look',
    'look',
    'void',
    'void',
    'watch',
    'end',
  ]);
  return { after, nth: after === 'look' ? random.between(1, 8) : random.between(1, 2), plusMs };
}
