import { expect, it } from '@jest/globals';
import { faultRules, findGuarantee, seededFaults, startScriptedService } from './index.ts';

const MAPPING = { operationOf: () => undefined, responseTo: () => ({ status: 200 }) };
const FUNCTIONS = { create: () => undefined, list: () => undefined };

it.each([
  [
    'findGuarantee without options',
    () => findGuarantee(Object()),
    'findGuarantee: functions.create must be a function',
  ],
  [
    'findGuarantee with a misspelled option',
    () => findGuarantee(Object({ functions: FUNCTIONS, inputs: () => ({}) })),
    'findGuarantee: there is no option inputs; did you mean input?',
  ],
  [
    'a scripted service without a mapping',
    () => startScriptedService(Object()),
    'startScriptedService: operationOf must be a function, but is undefined',
  ],
  [
    'a scripted service with an unknown guarantee',
    () => startScriptedService(Object({ ...MAPPING, guarantee: 'deadlines' })),
    'startScriptedService: guarantee must be none, deadline or idempotency-key, but is "deadlines"',
  ],
  [
    'seeded faults without rules',
    async () => seededFaults(1, Object()),
    'seededFaults: rules must be a list of rules, such as those of faultRules, but is {}',
  ],
  [
    'seeded faults without a seed',
    async () => seededFaults(Number('x'), []),
    'seededFaults: seed must be a whole number, but is',
  ],
  [
    'fault rules without timings',
    async () => faultRules(Object()),
    'faultRules: timings.createDeadlineMs must be milliseconds, 0 or more, but is undefined',
  ],
])('%s: the error names the option and what is allowed', async (_, call, message) => {
  await expect(call()).rejects.toThrow(message);
});
