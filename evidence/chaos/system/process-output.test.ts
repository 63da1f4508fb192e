import { expect, it } from '@jest/globals';
import { injectedFault } from './process-output.ts';

it('a fault is recognized in the log of the ticket system, even in a line that a kill cut off', () => {
  const line = '{"level":20,"time":1,"point":"vault","kind":"delay","subject":"order-1","msg":"fault inj';
  expect(injectedFault(line)).toEqual({ point: 'vault', kind: 'delay' });
  expect(injectedFault('{"level":30,"kind":"received","msg":"request completed"}')).toBeUndefined();
});
