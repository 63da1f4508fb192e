import { afterEach, describe, expect, it } from '@jest/globals';
import { armFailpoints, failpoint } from './failpoint.ts';
import type { ArmedFailpoint } from './failpoints.ts';

const SITES: readonly ArmedFailpoint[] = [
  { point: 'create.sent', orderId: 'order-1' },
  { point: 'void.sent', orderId: 'order-2' },
];

/** What would have been done to this process, in turn. */
function arm(sites: readonly ArmedFailpoint[]): readonly string[] {
  const done: string[] = [];
  armFailpoints(sites, { note: (line) => done.push(line), die: () => done.push('died') });
  return done;
}

afterEach(() => armFailpoints([]));

describe('a failpoint', () => {
  it('that is not armed, or armed for another order or point, holds nobody', () => {
    expect(failpoint('create.sent', 'order-1')).toBeUndefined();
    const done = arm(SITES);
    expect(failpoint('create.sent', 'order-2')).toBeUndefined();
    expect(failpoint('create.before-send', 'order-1')).toBeUndefined();
    expect(done).toEqual([]);
  });

  it('holds each order until all have come, notes who came, and then the process dies', async () => {
    const done = arm(SITES);
    const held = failpoint('create.sent', 'order-1');
    // Again, since nobody waits for the first time any more.
    failpoint('create.sent', 'order-1');
    expect(done).toEqual(['failpoint create.sent:order-1 reached']);
    failpoint('void.sent', 'order-2');
    expect(done.slice(1)).toEqual(['failpoint void.sent:order-2 reached', 'died']);
    await expect(Promise.race([held, new Promise((resolve) => setImmediate(resolve, 'held'))])).resolves.toBe('held');
  });
});
