import { expect, it } from '@jest/globals';
import { createFaultInjection } from './fault-injection.ts';
import { createFaultPlan } from './fault-plan.ts';
import type { FaultRule } from './fault-rules.ts';

it('reports the fault that was injected, and not those drawn for points that the call never reached', async () => {
  const always = (point: string, kind: FaultRule['kind']): FaultRule => ({ point, kind, probability: 1 });
  const rules = [always('before', 'error-500'), always('write', 'disk-full'), always('after', 'connection-reset')];
  const injected: object[] = [];
  const faults = createFaultInjection<string>(
    createFaultPlan({}, { seed: 1, rules }),
    async () => undefined,
    (each) => injected.push(each),
  );
  const [before, write, after] = ['before', 'write', 'after'].map((point) => faults.draw(point, 'order-1'));
  expect(injected).toEqual([]);

  await expect(before?.inject()).rejects.toThrow('error-500');
  expect(injected).toEqual([{ point: 'before', kind: 'error-500', subject: 'order-1' }]);

  await write?.inject();
  expect(() => write?.injectOnDisk()).toThrow('ENOSPC');
  expect(injected.slice(1)).toEqual([{ point: 'write', kind: 'disk-full', subject: 'order-1' }]);
  after?.injectOnDisk();
  expect(injected).toHaveLength(2);
});
