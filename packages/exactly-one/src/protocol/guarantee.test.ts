import { describe, expect, it } from '@jest/globals';
import { weakerGuarantee } from './guarantee.ts';

describe('the weaker of two guarantees', () => {
  it.each([
    ['none', 'none', 'none'],
    ['none', 'deadline', 'none'],
    ['none', 'idempotency-key', 'none'],
    ['deadline', 'deadline', 'deadline'],
    ['deadline', 'idempotency-key', 'deadline'],
    ['idempotency-key', 'idempotency-key', 'idempotency-key'],
  ] as const)('of %s and %s is %s, whichever comes first', (one, other, weaker) => {
    expect(weakerGuarantee(one, other)).toBe(weaker);
    expect(weakerGuarantee(other, one)).toBe(weaker);
  });
});
