import type { Machine } from '../scenario/scenario.ts';
import { createTimerQueue } from './timer-queue.ts';

/** True time, which no simulated machine can read. It advances to the next timer once nothing else is left to do. */
export interface VirtualClock {
  now(): number;
  at(timeMs: number, action: () => void): void;
  sleep(ms: number): Promise<void>;
  /**
   * Runs every timer in order until none is left or `isOver` returns true.
   * @returns false when the timers never came to an end
   */
  runToQuiescence(isOver: () => boolean): Promise<boolean>;
}

/** More timers than any scenario needs, so that an endless loop is detected. */
const MAX_TIMERS = 4_000;

export function createVirtualClock(): VirtualClock {
  let now = 0;
  const timers = createTimerQueue();
  const at = (timeMs: number, action: () => void) => timers.add({ dueMs: Math.max(timeMs, now), action });
  return {
    now: () => now,
    at,
    sleep: (ms) => new Promise((resolve) => at(now + ms, resolve)),
    async runToQuiescence(isOver) {
      await allPromisesSettled();
      for (let count = 0; count < MAX_TIMERS; count += 1) {
        if (isOver()) return true;
        const timer = timers.next();
        if (timer === undefined) return true;
        now = timer.dueMs;
        timer.action();
        await allPromisesSettled();
      }
      return false;
    },
  };
}

/** Scenarios that are played concurrently share each turn of the event loop. */
function allPromisesSettled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** The clocks of the machines, which differ from true time by offsets that may change. */
export interface MachineClocks {
  /** @param trueMs the time of the reading; default: now */
  read(machine: Machine, trueMs?: number): number;
  setOffset(machine: Machine, offsetMs: number): void;
}

/** What an exact clock shows at the start, so that no duration can pass for a time. */
const START_MS = 1_000_000;

export function createMachineClocks(clock: VirtualClock): MachineClocks {
  const offsets: Record<Machine, { readonly sinceMs: number; readonly offsetMs: number }[]> = {
    service: [],
    worker: [],
    Temporal: [],
  };
  return {
    read(machine, trueMs = clock.now()) {
      const current = offsets[machine].findLast(({ sinceMs }) => sinceMs <= trueMs);
      return START_MS + trueMs + (current?.offsetMs ?? 0);
    },
    setOffset(machine, offsetMs) {
      offsets[machine].push({ sinceMs: clock.now(), offsetMs });
    },
  };
}
