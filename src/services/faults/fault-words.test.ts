import { describe, expect, it } from '@jest/globals';
import { ACCOUNT_POINTS } from './account-faults.ts';
import { readRule, wordsOfRules } from './fault-words.ts';
import { TICKET_SYSTEM_POINTS, TICKET_SYSTEM_PRESETS } from './ticket-system-faults.ts';

describe('a fault rule on a command line', () => {
  it.each([
    ['create.after-commit:connection-reset:0.9', { kind: 'connection-reset', probability: 0.9 }],
    ['create.after-commit:error-500:50%', { kind: 'error-500', probability: 0.5 }],
    ['create.after-commit:delay:1:3s', { kind: 'delay', probability: 1, delayMs: 3_000 }],
    ['create.after-commit:delay:100%:250ms', { kind: 'delay', probability: 1, delayMs: 250 }],
    ['create.after-commit:timeout:.5:250', { kind: 'timeout', probability: 0.5, delayMs: 250 }],
  ])('%s is read', (text, rule) => {
    expect(readRule(text, TICKET_SYSTEM_POINTS)).toEqual({ point: 'create.after-commit', ...rule });
  });

  it.each([
    ['create:error-500:1', 'create is not a point: use one of token, reservation, vault, create.before-commit'],
    ['token:error:1', 'error is not a kind of fault: use one of error-500, error-429'],
    ['token:disk-full:1', 'disk-full is not possible at token: use one of error-500'],
    ['token', 'nothing is not a kind of fault'],
    ['token:error-500', 'nothing is not a probability: use 0 to 1, or 0% to 100%'],
    ['token:error-500:1.01', '1.01 is not a probability'],
    ['token:error-500:101%', '101% is not a probability'],
    ['token:delay:1:61s', '61s is not a delay: use 0ms to 60s'],
    ['token:delay:1:1s:2', 'has too many parts: a rule is <point>:<kind>:<probability>'],
  ])('%s is refused with what is allowed', (text, message) => {
    expect(() => readRule(text, TICKET_SYSTEM_POINTS)).toThrow(message);
  });

  it('names only points of its own service', () => {
    expect(() => readRule('token:delay:1', ACCOUNT_POINTS)).toThrow('token is not a point: use one of account.before');
  });
});

it('rules are shown by point, with their share of all calls', () => {
  const rules = [
    { point: 'a', kind: 'error-500', probability: 0.5 },
    { point: 'a', kind: 'delay', probability: 0.5, delayMs: 1_200 },
    { point: 'b', kind: 'timeout', probability: 0.005 },
  ] as const;
  expect(wordsOfRules(rules)).toEqual([
    { point: 'a', faults: ['50 % error-500', '25 % delay of 1.2 s'] },
    { point: 'b', faults: ['0.5 % timeout'] },
  ]);
  const [, , , create] = wordsOfRules(TICKET_SYSTEM_PRESETS['real-world']);
  expect(create).toEqual({ point: 'create.before-commit', faults: ['40 % error-500', '10 % timeout'] });
});
