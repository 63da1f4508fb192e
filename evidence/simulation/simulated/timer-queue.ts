interface Timer {
  readonly dueMs: number;
  readonly action: () => void;
}

/** Timers in the order in which they are due; of those due at the same time, the one added first comes first. */
interface TimerQueue {
  add(timer: Timer): void;
  /** Removes and returns the next timer; undefined when there is none. */
  next(): Timer | undefined;
}

interface Entry extends Timer {
  readonly number: number;
}

/** A binary heap with the next timer on top. */
export function createTimerQueue(): TimerQueue {
  const heap: Entry[] = [];
  let added = 0;
  return {
    add({ dueMs, action }) {
      added += 1;
      push(heap, { dueMs, action, number: added });
    },
    next: () => pop(heap),
  };
}

function isBefore(a: Entry, b: Entry): boolean {
  return a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.number < b.number);
}

function push(heap: Entry[], entry: Entry): void {
  let index = heap.length;
  heap.push(entry);
  while (index > 0) {
    const parentIndex = (index - 1) >> 1;
    const parent = heap[parentIndex];
    if (parent === undefined || isBefore(parent, entry)) break;
    heap[index] = parent;
    index = parentIndex;
  }
  heap[index] = entry;
}

function pop(heap: Entry[]): Entry | undefined {
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
