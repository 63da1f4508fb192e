import vm from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalForm, MAX_DEPTH } from './canonical-form.ts';

const SEEDED = { seed: 112_358, numRuns: 300 };

const numbers = fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => (number === 0 ? 0 : number));
const jsonLeaves = [fc.boolean(), fc.integer(), numbers, fc.string(), fc.constant(null)];
const dates = fc.date({ noInvalidDate: true });
const shape = { maxDepth: 4, withObjectString: true };
const jsonPayloads = fc.anything({ ...shape, values: jsonLeaves });
const payloads = fc.anything({ ...shape, values: [...jsonLeaves, dates] });

/** The same payload, with the keys of every object in reverse order. */
function withKeysReversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withKeysReversed);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  const entries = Object.entries(value).map(([key, property]) => [key, withKeysReversed(property)] as const);
  return Object.fromEntries(entries.reverse());
}

function nested(levels: number): unknown {
  return levels === 0 ? 'the innermost' : { within: nested(levels - 1) };
}

describe('the canonical form of a payload', () => {
  it('does not depend on the order of keys, on any level', () => {
    fc.assert(
      fc.property(payloads, (payload) => {
        expect(canonicalForm(withKeysReversed(payload))).toBe(canonicalForm(payload));
      }),
      SEEDED,
    );
  });

  it('without dates can be parsed as JSON, so no two payloads share one', () => {
    fc.assert(
      fc.property(jsonPayloads, (payload) => {
        expect(JSON.parse(canonicalForm(payload))).toEqual(payload);
      }),
      SEEDED,
    );
  });

  it('of a date is not valid JSON, so nothing else shares it', () => {
    fc.assert(
      fc.property(dates, payloads, (date, payload) => {
        const form = canonicalForm({ at: date, payload });
        expect(() => JSON.parse(form)).toThrow(SyntaxError);
        expect(canonicalForm({ at: date.toISOString(), payload })).not.toBe(form);
        expect(canonicalForm({ at: canonicalForm(date), payload })).not.toBe(form);
        expect(canonicalForm({ at: new Date(date.getTime()), payload })).toBe(form);
      }),
      SEEDED,
    );
  });

  it('differs for payloads that are easily confused', () => {
    const at = new Date(86_400_000);
    const similar: readonly unknown[] = [
      ...[
        null,
        'null',
        0,
        '0',
        false,
        'false',
        '',
        [],
        {},
        [null],
        [[]],
        [{}],
        at,
        at.getTime(),
        at.toISOString(),
        [at],
      ],
      ...[`Date("${at.toISOString()}")`, { Date: at.toISOString() }, { $date: at.toISOString() }],
      ...[{ a: { b: 1 } }, { 'a.b': 1 }, { a: 1, b: 1 }, { a: [1] }, { a: { 0: 1 } }, { a: null }, { a: {} }, { A: 1 }],
      ...[
        [1, 2],
        [2, 1],
        [12],
        ['1,2'],
        ['1', '2'],
        [[1], 2],
        [1, [2]],
        { '0': 1, '1': 2 },
        1e21,
        '1e21',
        'é',
        'e\u0301',
      ],
    ];
    const forms = similar.map(canonicalForm);
    expect(new Set(forms).size).toBe(similar.length);
  });

  it('sorts keys and writes numbers as RFC 8785 does', () => {
    const payload = {
      '\u20ac': 1,
      '\r': 2,
      '\u{1f600}': 3,
      '1': 4,
      '\ufb33': 5,
      a: [333333333.3333333, 1e30, 4.5, 2e-3, 1e-27],
    };
    expect(canonicalForm(payload)).toBe(
      '{"\\r":2,"1":4,"a":[333333333.3333333,1e+30,4.5,0.002,1e-27],"\u20ac":1,"\u{1f600}":3,"\ufb33":5}',
    );
  });

  it('treats -0 as 0, and an undefined property as a missing one', () => {
    expect(canonicalForm({ amount: -0, note: undefined })).toBe(canonicalForm({ amount: 0 }));
  });

  it('may contain the same object twice, which is not a cycle', () => {
    const account = { id: 'account_A' };
    expect(canonicalForm([account, account])).toBe('[{"id":"account_A"},{"id":"account_A"}]');
  });

  it('does not exist if it would be too long, which takes no time to find out', () => {
    const shared = Array.from({ length: 60 }).reduce<object>((inner) => ({ a: inner, b: inner }), {});
    expect(() => canonicalForm(shared)).toThrow('longer than 16777216 characters');
  });

  it('exists for objects without a prototype and of another realm', () => {
    const foreign: unknown = vm.runInNewContext('({ b: [1], a: new Date(0) })');
    expect(canonicalForm(foreign)).toBe(canonicalForm({ a: new Date(0), b: [1] }));
    expect(canonicalForm(Object.assign(Object.create(null), { a: 1 }))).toBe('{"a":1}');
  });

  const cycle: { self?: unknown } = {};
  cycle.self = { again: [cycle] };
  const sparse = [1];
  sparse[2] = 3;
  it.each<[string, unknown, string]>([
    ['undefined', undefined, 'payload is undefined'],
    ['undefined in an array', { list: [1, undefined] }, 'payload.list[1] is undefined'],
    ['a hole in an array', sparse, 'payload[1] is undefined'],
    ['NaN', { amount: Number.NaN }, 'payload.amount is NaN'],
    ['Infinity', [-Infinity], 'payload[0] is -Infinity'],
    ['a bigint', { 'a b': 1n }, 'payload["a b"] is a bigint'],
    ['a function', { toJSON: () => 1 }, 'payload.toJSON is a function'],
    ['a symbol', [Symbol('s')], 'payload[0] is a symbol'],
    ['a symbol as key', { a: { [Symbol('s')]: 1 } }, 'payload.a is an object with symbols as keys'],
    ['an invalid date', { at: new Date(Number.NaN) }, 'payload.at is an invalid date'],
    ['a map', { m: new Map() }, 'payload.m is an instance of Map'],
    ['an error', new Error('no'), 'payload is an instance of Error'],
    ['a boxed number', { n: Object(1) }, 'payload.n is an instance of Number'],
    ['a lone surrogate', ['\ud800'], 'payload[0] is a string with a lone surrogate'],
    ['a cycle', cycle, 'payload.self.again[0] is a cycle'],
    ['an array with properties', Object.assign([1], { amount: 5 }), 'payload is an array with properties of its own'],
    ['an array with a symbol', Object.assign([1], { [Symbol('s')]: 5 }), 'payload is an array with properties'],
    ['an array of a class', [new (class Money extends Array {})()], 'payload[0] is an instance of Money'],
    ['an array that inherits items', Object.setPrototypeOf([1], [1, 2]), 'payload is an instance of Array'],
    ['inherited properties', { of: Object.create({ amount: 5 }) }, 'payload.of is an instance of Object'],
    ['hidden inheritance', Object.create(Object.create(null, { amount: { value: 5 } })), 'payload is an instance of'],
    ['a hidden property', Object.defineProperty({}, 'amount', { value: 5 }), 'payload.amount is a hidden property'],
    [
      'a computed property',
      {
        get amount() {
          return 5;
        },
      },
      'payload.amount is a computed property',
    ],
    ['a computed item', Object.defineProperty([1], 0, { get: () => 5 }), 'payload[0] is a computed property'],
    ['a proxy', { of: new Proxy({}, {}) }, 'payload.of is a proxy'],
    ['a date with properties', Object.assign(new Date(0), { zone: 'CET' }), 'payload is a date with properties'],
    ['a date of a class', new (class Day extends Date {})(0), 'payload is an instance of Day'],
    ['a date with a toJSON of its own', Object.assign(new Date(0), { toJSON: () => 1 }), 'payload is a date with'],
    ['a class without a name', Object.create({ constructor: undefined }), 'payload is an instance of a class'],
    ['a set', new Set([1]), 'payload is an instance of Set'],
    ['bytes', Buffer.from('1'), 'payload is an instance of Buffer'],
  ])('does not exist for %s, and the error names the path', (_what, payload, message) => {
    expect(() => canonicalForm(payload)).toThrow(TypeError);
    expect(() => canonicalForm(payload)).toThrow(message);
  });

  it('does not exist beyond the maximum depth', () => {
    expect(canonicalForm(nested(MAX_DEPTH))).toContain('the innermost');
    expect(() => canonicalForm(nested(MAX_DEPTH + 1))).toThrow('nested more than 100 levels deep');
    // An object that is known already, deeper than where it was first seen.
    const deep = nested(60);
    expect(() => canonicalForm([deep, { within: [[deep]] }])).not.toThrow();
    expect(() => canonicalForm([deep, Array.from({ length: 40 }).reduce<unknown>((inner) => [inner], deep)])).toThrow(
      'nested more than 100 levels deep',
    );
  });
});
