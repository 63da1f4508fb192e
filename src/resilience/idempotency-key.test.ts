import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalForm } from './canonical-form.ts';
import { fingerprint, idempotencyKeyOf } from './idempotency-key.ts';

const SEEDED = { seed: 112_358, numRuns: 300 };
const payloads = fc.dictionary(
  fc.string(),
  fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.date({ noInvalidDate: true })),
);
const operations = fc.stringMatching(/^[!-~]{1,20}$/);

describe('an idempotency key', () => {
  it('starts with its operation and does not depend on the order of the payload’s properties', () => {
    const key = idempotencyKeyOf('withdraw', { from: 'account_A', amountCents: 100 });
    expect(key).toMatch(/^withdraw-[0-9a-f]{32}$/);
    expect(idempotencyKeyOf('withdraw', { amountCents: 100, from: 'account_A' })).toBe(key);
  });

  it('is shared by two operations only if they and their payloads are the same', () => {
    fc.assert(
      fc.property(operations, operations, payloads, payloads, (one, other, a, b) => {
        const same = one === other && canonicalForm(a) === canonicalForm(b);
        expect(idempotencyKeyOf(one, a) === idempotencyKeyOf(other, b)).toBe(same);
        // Nearly the same: one text has a character more, the other one less.
        expect(idempotencyKeyOf(`${one}a`, { b: a })).not.toBe(idempotencyKeyOf(one, { ab: a }));
      }),
      SEEDED,
    );
  });

  it('does not collide among ten thousand transfers', () => {
    const keys = Array.from({ length: 10_000 }, (_, index) =>
      idempotencyKeyOf('transfer', { from: `account_${index % 100}`, amountCents: Math.floor(index / 100) }),
    );
    expect(new Set(keys).size).toBe(10_000);
  });

  it('is the client’s own key, unchanged, if there is one', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[!-~]{1,200}$/), (own) => {
        expect(idempotencyKeyOf('withdraw', { any: 1 }, own)).toBe(own);
      }),
      SEEDED,
    );
  });

  it.each(['', 'two words', 'line\nbreak', 'schlüssel', 'x'.repeat(201), 'trailing\n'])(
    'cannot be made from what does not fit into a header: %j',
    (own) => {
      expect(() => idempotencyKeyOf('withdraw', {}, own)).toThrow(/1 to 200 visible ASCII characters/);
      expect(() => idempotencyKeyOf(own, {})).toThrow(/1 to 100 visible ASCII characters/);
    },
  );

  it('has at most 200 characters, whatever the operation', () => {
    expect(idempotencyKeyOf('o'.repeat(100), {}).length).toBeLessThanOrEqual(200);
  });
});

describe('the fingerprint of a payload', () => {
  const anything = fc.anything({ maxDepth: 3, values: [fc.boolean(), fc.integer(), fc.string(), fc.constant(null)] });

  it('is the same for two payloads only if their canonical forms are', () => {
    fc.assert(
      fc.property(anything, anything, (a, b) => {
        expect(fingerprint(a) === fingerprint(b)).toBe(canonicalForm(a) === canonicalForm(b));
        expect(fingerprint([a, b, a])).toBe(fingerprint(structuredClone([a, b, a])));
        expect(fingerprint([[a], b])).not.toBe(fingerprint([a, [b]]));
      }),
      SEEDED,
    );
    const inner = fingerprint({ a: {} });
    expect(fingerprint({ a: `#${inner}` })).not.toBe(fingerprint({ a: { a: {} } }));
  });

  it('takes no longer for objects that occur often: 90 levels that each contain the next one twice', () => {
    const twice = (innermost: object) =>
      Array.from({ length: 90 }).reduce<object>((inner) => ({ a: inner, b: inner }), innermost);
    expect(fingerprint(twice({ amountCents: 100 }))).toBe(fingerprint(twice({ amountCents: 100 })));
    expect(fingerprint(twice({ amountCents: 100 }))).not.toBe(fingerprint(twice({ amountCents: 101 })));
  });

  it('does not exist for a cycle', () => {
    const cycle: unknown[] = [];
    cycle.push(cycle);
    expect(() => fingerprint(cycle)).toThrow('payload[0] is a cycle');
  });
});
