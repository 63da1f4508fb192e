import { afterEach, describe, expect, it } from '@jest/globals';
import { armCrashPoints, crashPoint } from './failpoint.ts';
import type { CrashSite } from './failpoints.ts';

const SITES: readonly CrashSite[] = [
  { point: 'create.sent', orderId: 'order-1' },
  { point: 'void.sent', orderId: 'order-2' },
];

/** What would have been done to this process, in turn. */
function arm(sites: readonly CrashSite[]): readonly string[] {
  const done: string[] = [];
  armCrashPoints(sites, { note: (line) => done.push(line), die: () => done.push('died') });
  return done;
}

afterEach(() => armCrashPoints([]));

describe('a crash point', () => {
  it('that is not armed, or armed for another order or point, holds nobody', () => {
    expect(crashPoint('create.sent', 'order-1')).toBeUndefined();
    const done = arm(SITES);
    expect(crashPoint('create.sent', 'order-2')).toBeUndefined();
    expect(crashPoint('create.before-send', 'order-1')).toBeUndefined();
    expect(done).toEqual([]);
  });

  it('holds each order until all have come, notes who came, and then the process dies', async () => {
    const done = arm(SITES);
    const held = crashPoint('create.sent', 'order-1');
    // Again, since nobody waits for the first time any more.
    crashPoint('create.sent', 'order-1');
    expect(done).toEqual(['crash point create.sent:order-1 reached']);
    crashPoint('void.sent', 'order-2');
    expect(done.slice(1)).toEqual(['crash point void.sent:order-2 reached', 'died']);
    await expect(Promise.race([held, new Promise((resolve) => setImmediate(resolve, 'held'))])).resolves.toBe('held');
  });
});
