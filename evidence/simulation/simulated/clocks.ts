import type { ClockStep } from '../scenario/scenario.ts';
import type { VirtualClock } from './virtual-clock.ts';

export type ClockOwner = ClockStep['whose'];

/** The clocks of the machines: true time, off by something that can change. */
export interface Clocks {
  /** @param trueMs default now; an earlier one for what a clock showed then */
  read(whose: ClockOwner, trueMs?: number): number;
  set(whose: ClockOwner, offMs: number): void;
}

/** All clocks begin here, so that nobody mistakes a duration for a time. */
const EPOCH_MS = 1_000_000;

export function createClocks(clock: VirtualClock): Clocks {
  const steps: Record<ClockOwner, { readonly sinceMs: number; readonly offMs: number }[]> = {
    service: [],
    worker: [],
    Temporal: [],
  };
  return {
    read(whose, trueMs = clock.now()) {
      const step = steps[whose].findLast(({ sinceMs }) => sinceMs <= trueMs);
      return EPOCH_MS + trueMs + (step?.offMs ?? 0);
    },
    set(whose, offMs) {
      steps[whose].push({ sinceMs: clock.now(), offMs });
    },
  };
}
