/** Time that passes only when nothing else can happen. */
export interface VirtualClock {
  /** True time, which no machine of the simulation knows. */
  now(): number;
  at(timeMs: number, happen: () => void): void;
  sleep(ms: number): Promise<void>;
  /**
   * Lets everything happen, in the order of time, until nothing is left or `isOver` says so.
   * @returns whether it came to that; false: there was no end to the events
   */
  runToQuiescence(isOver: () => boolean): Promise<boolean>;
}

interface Event {
  readonly timeMs: number;
  readonly order: number;
  readonly happen: () => void;
}

/** More events than any scenario needs: a loop that never ends is found, not waited for. */
const MOST_EVENTS = 4_000;

export function createVirtualClock(): VirtualClock {
  let now = 0;
  let order = 0;
  const heap: Event[] = [];

  const at = (timeMs: number, happen: () => void) => {
    order += 1;
    push(heap, { timeMs: Math.max(timeMs, now), order, happen });
  };

  return {
    now: () => now,
    at,
    sleep: (ms) => new Promise((resolve) => at(now + ms, resolve)),
    async runToQuiescence(isOver) {
      await settled();
      for (let count = 0; count < MOST_EVENTS; count += 1) {
        if (isOver()) return true;
        const next = pop(heap);
        if (next === undefined) return true;
        now = next.timeMs;
        next.happen();
        await settled();
      }
      return false;
    },
  };
}

/** All promises that can go on have gone on. Scenarios that are played at once share each turn of the event loop. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function isBefore(a: Event, b: Event): boolean {
  return a.timeMs < b.timeMs || (a.timeMs === b.timeMs && a.order < b.order);
}

/** A binary heap, the earliest event first. */
function push(heap: Event[], event: Event): void {
  let index = heap.length;
  heap.push(event);
  while (index > 0) {
    const parentIndex = (index - 1) >> 1;
    const parent = heap[parentIndex];
    if (parent === undefined || isBefore(parent, event)) break;
    heap[index] = parent;
    index = parentIndex;
  }
  heap[index] = event;
}

function pop(heap: Event[]): Event | undefined {
  const [first] = heap;
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return first;
  let index = 0;
  for (;;) {
    const left = heap[2 * index + 1];
    const right = heap[2 * index + 2];
    const isRight = left !== undefined && right !== undefined && isBefore(right, left);
    const child = isRight ? right : left;
    if (child === undefined || isBefore(last, child)) break;
    heap[index] = child;
    index = 2 * index + (isRight ? 2 : 1);
  }
  heap[index] = last;
  return first;
}
