import { expect, it } from '@jest/globals';
import { droppedLines, injectedFault } from './process-output.ts';

it('a fault is recognized in the log of the ticket system, even in a line that a kill cut off', () => {
  const line = '{"level":20,"time":1,"point":"vault","kind":"delay","subject":"order-1","msg":"fault inj';
  expect(injectedFault(line)).toEqual({ point: 'vault', kind: 'delay' });
  expect(injectedFault('{"level":30,"kind":"received","msg":"request completed"}')).toBeUndefined();
});

it('lines that a process has dropped are recognized in its log', () => {
  expect(droppedLines('{"level":40,"name":"worker","dropped":123,"msg":"123 log lines were dropped"}')).toBe(123);
  expect(droppedLines('{"level":30,"name":"worker","msg":"worker is ready, process 7"}')).toBe(0);
});
