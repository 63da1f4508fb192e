import { describe, expect, it } from '@jest/globals';
import type { FaultKind, FaultPoint } from './faults.ts';
import { lateFirstCreates } from './late-first-creates.ts';

function setUp() {
  const live = new Set<string>();
  let kind: FaultKind | undefined;
  const always = { decide: () => (kind === undefined ? undefined : { kind }) };
  const faults = lateFirstCreates(always, {
    orderIds: ['late'],
    hasItem: (orderId) => live.has(orderId),
    atLatestMs: 60_000,
  });
  const decide = (point: FaultPoint, orderId = 'late') => faults.decide(point, orderId);
  let commits = 0;
  decide('create.before');
  decide('create.late')?.until?.then(() => {
    commits += 1;
  });
  return {
    decide,
    live,
    set: (wanted?: FaultKind) => {
      kind = wanted;
    },
    async commits() {
      await new Promise((resolve) => setImmediate(resolve));
      return commits;
    },
  };
}

describe('the first create of an order that is terminated', () => {
  it('commits after the first list that has the item of another create, and not before', async () => {
    const { decide, live, set, commits } = setUp();
    decide('list');
    expect(await commits()).toBe(0);
    live.add('late');
    expect(await commits()).toBe(0);
    set('error');
    decide('list');
    expect(await commits()).toBe(0);
    set();
    decide('list');
    expect(await commits()).toBe(1);
  });

  it('commits in any case when its time is up', async () => {
    const alone = lateFirstCreates(
      { decide: () => undefined },
      { orderIds: ['a'], hasItem: () => false, atLatestMs: 1 },
    );
    await expect(alone.decide('create.late', 'a')?.until).resolves.toBeUndefined();
  });

  it('keeps the other creates of its order free of faults until it commits', async () => {
    const { decide, live, set, commits } = setUp();
    set('error');
    const creates = () => (['create.before', 'create.late', 'create.after'] as const).map((point) => decide(point));
    expect(creates()).toEqual([undefined, undefined, undefined]);
    expect(decide('list')).toEqual({ kind: 'error' });
    expect(decide('create.after', 'another')).toEqual({ kind: 'error' });
    live.add('late');
    set();
    decide('list');
    expect(await commits()).toBe(1);
    set('error');
    expect(creates()).toEqual([{ kind: 'error' }, { kind: 'error' }, { kind: 'error' }]);
  });
});
