import { expect, it } from '@jest/globals';
import { type FaultPoint, faultRules, seededFaults } from './faults.ts';
import { createItemStore } from './item-store.ts';

const TIMINGS = { createDeadlineMs: 1_500, clockSkewMs: 100, settleMs: 500, lateWatchMs: [1_000, 2_000] };
const POINTS: readonly FaultPoint[] = [
  ...(['create.before', 'create.late', 'create.after', 'list', 'void.before', 'void.after'] as const),
];

it('the same seed gives the same faults to the same calls, whatever happens to other orders in between', () => {
  const kinds = (seed: number, others: number) => {
    const faults = seededFaults(seed, faultRules(TIMINGS));
    return Array.from({ length: 30 }, () =>
      POINTS.map((point) => {
        for (let other = 0; other < others; other += 1) faults.decide(point, `other-${other}`);
        return faults.decide(point, 'order-1')?.kind;
      }),
    );
  };
  expect(kinds(7, 3)).toEqual(kinds(7, 0));
  expect(kinds(8, 0)).not.toEqual(kinds(7, 0));
  for (const [index, point] of POINTS.entries()) {
    const hits = kinds(7, 0).filter((each) => each[index] !== undefined).length;
    expect([point, hits > 0 && hits < 30]).toEqual([point, true]);
  }
});

it('the store counts what was received, made and voided, and keeps the state before the latest change', () => {
  const store = createItemStore();
  store.received('order-1');
  store.received('order-1');
  const first = store.make('order-1', 'key-1');
  const second = store.make('order-1', 'key-2');
  store.void('order-1', second.itemId);
  store.void('order-1', second.itemId);
  store.received('order-2');
  expect(store.live('order-1')).toEqual([first.itemId]);
  expect(store.madeWith('order-1', 'key-2')).toEqual({ ...second, voided: true });
  expect(store.listBefore('order-1').items).toEqual([first, second]);
  expect(store.void('order-1', 'unknown')).toBeUndefined();
  const counts = { orders: 2, exactlyOne: 1, duplicates: 0, missing: 1, creates: 3, made: 2, voided: 1 };
  expect(store.count()).toEqual(counts);
});

it('creates are accepted only where the timings have a bound, and finished within it or in vain', () => {
  const kinds = (timings: Parameters<typeof faultRules>[0]) => new Set(faultRules(timings).map(({ kind }) => kind));
  expect(kinds(TIMINGS).has('accept')).toBe(false);
  const accepting = { ...TIMINGS, acceptWithinMs: 1_000 };
  expect([...kinds(accepting)]).toEqual(expect.arrayContaining(['accept', 'accept in vain']));
  const accepts = faultRules(accepting).filter(({ kind }) => kind === 'accept');
  expect(accepts.every(({ delayMs = 0 }) => delayMs <= 1_000)).toBe(true);
});
