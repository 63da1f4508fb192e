import type { FaultMix } from './fault-mix.ts';
import type { ClockChange, OrderEvent, Scenario, Trigger } from './scenario.ts';

/** Terminations and clock changes; a clock often changes at the very moment of a termination. */
export function generateTerminationsAndClocks(mix: FaultMix): Pick<Scenario, 'terminations' | 'clockChanges'> {
  const { random } = mix;
  const clocksAreOff = random.chance(0.6);
  const clockChanges: ClockChange[] = [];
  const change = (at: ClockChange['at'], machine: ClockChange['machine']) => {
    if (clocksAreOff) clockChanges.push({ at, machine, offsetMs: drawOffsetMs(mix) });
  };
  for (const machine of ['service', 'worker', 'Temporal'] as const) change('start of the scenario', machine);
  for (let count = random.between(0, 2); count > 0; count -= 1) change(generateTrigger(mix), 'service');
  if (random.chance(0.2)) change(generateTrigger(mix), 'worker');
  if (random.chance(0.1)) clockChanges.push(...wrongWorkerClock(mix));
  const terminations = random.chance(0.4)
    ? Array.from({ length: random.between(1, 2) }, () => {
        const at = generateTrigger(mix);
        if (random.chance(0.7)) change(at, 'Temporal');
        return { at, resubmitAfterMs: random.chance(0.5) ? random.between(0, 20) : random.between(0, 1_500) };
      })
    : [];
  return { terminations, clockChanges };
}

/** At most half the allowed clock skew, so that no two clocks differ by more than all of it; often exactly half. */
function drawOffsetMs({ random, timings }: FaultMix): number {
  const mostMs = timings.clockSkewMs / 2;
  return random.chance(0.6) ? random.pick([-mostMs, mostMs]) : random.between(-mostMs, mostMs);
}

/** The worker's clock is far beyond the allowed skew and corrected later. Orders wait until then. */
function wrongWorkerClock({ random }: FaultMix): readonly ClockChange[] {
  const at: Trigger = {
    after: random.pick(['run started', 'checked', 'create sent']),
    nth: 1,
    delayMs: random.between(0, 50),
  };
  const correctedAt: Trigger = { ...at, delayMs: at.delayMs + random.between(1, 3_000) };
  return [
    { at, machine: 'worker', offsetMs: random.pick([-50_000, 50_000]) },
    { at: correctedAt, machine: 'worker', offsetMs: 0 },
  ];
}

const TRIGGERING_EVENTS: readonly [OrderEvent, ...OrderEvent[]] = [
  'run started',
  'create sent',
  'create sent',
  'committed',
  'checked',
  'checked',
  'void sent',
  'void sent',
  'watch started',
  'run ended',
];

/** Soon after an event, around the deadline, or at any time up to the fence. */
export function generateTrigger({ random, timings }: FaultMix): Trigger {
  const { createDeadlineMs, settleMs, clockSkewMs } = timings;
  const delayMs = random.pick([
    random.between(0, 5),
    random.between(0, 60),
    random.between(0, 600),
    createDeadlineMs + random.between(-clockSkewMs, 2 * clockSkewMs),
    random.between(0, createDeadlineMs + settleMs),
  ]);
  const after = random.pick(TRIGGERING_EVENTS);
  return { after, nth: after === 'checked' ? random.between(1, 8) : random.between(1, 2), delayMs };
}
