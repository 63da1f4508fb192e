/** Time that passes only when nothing else can happen. */
export interface VirtualClock {
  now(): number;
  at(timeMs: number, happen: () => void): void;
  sleep(ms: number): Promise<void>;
  /** Lets everything happen, in the order of time, until nothing is left. */
  runToQuiescence(): Promise<void>;
}

/** More events than any order needs: a loop that never ends is found, not waited for. */
const MOST_EVENTS = 20_000;

export function createVirtualClock(startMs: number): VirtualClock {
  let now = startMs;
  let order = 0;
  const events: { timeMs: number; order: number; happen: () => void }[] = [];

  const at = (timeMs: number, happen: () => void) => {
    order += 1;
    events.push({ timeMs: Math.max(timeMs, now), order, happen });
    events.sort((a, b) => a.timeMs - b.timeMs || a.order - b.order);
  };

  return {
    now: () => now,
    at,
    sleep: (ms) => new Promise((resolve) => at(now + ms, resolve)),
    async runToQuiescence() {
      await microtasks();
      for (let count = 0; ; count += 1) {
        const next = events.shift();
        if (next === undefined) return;
        if (count === MOST_EVENTS) throw new Error(`still not quiescent after ${MOST_EVENTS} events`);
        now = next.timeMs;
        next.happen();
        await microtasks();
      }
    },
  };
}

/** All promises that can go on have gone on. */
function microtasks(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
