import { describe, expect, it } from '@jest/globals';
import { armFailpoints } from './failpoint.ts';
import type { ArmedFailpoint } from './failpoints.ts';

const SITES: readonly ArmedFailpoint[] = [
  { point: 'create.sent', orderId: 'order-1' },
  { point: 'void.sent', orderId: 'order-2' },
];

/** Armed failpoints, and what is done to the process. */
function arm(sites: readonly ArmedFailpoint[]) {
  const done: string[] = [];
  const reach = armFailpoints(sites, { note: (line) => done.push(line), die: () => done.push('died') });
  return { reach, done };
}

describe('a failpoint', () => {
  it('does nothing if it is not armed, or armed for another order or another point', () => {
    expect(arm([]).reach('create.sent', 'order-1')).toBeUndefined();
    const { reach, done } = arm(SITES);
    expect(reach('create.sent', 'order-2')).toBeUndefined();
    expect(reach('create.before-send', 'order-1')).toBeUndefined();
    expect(done).toEqual([]);
  });

  it('holds each order until all have reached theirs, notes each of them, and then the process dies', async () => {
    const { reach, done } = arm(SITES);
    const held = reach('create.sent', 'order-1');
    // The same order again, after its first activity timed out.
    reach('create.sent', 'order-1');
    expect(done).toEqual(['failpoint create.sent:order-1 reached']);
    reach('void.sent', 'order-2');
    expect(done.slice(1)).toEqual(['failpoint void.sent:order-2 reached', 'died']);
    await expect(Promise.race([held, new Promise((resolve) => setImmediate(resolve, 'held'))])).resolves.toBe('held');
  });
});
