import vm from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalForm, DEEPEST_PAYLOAD } from './canonical-form.ts';

const SEEDED = { seed: 112_358, numRuns: 300 };

const numbers = fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => (number === 0 ? 0 : number));
const jsonLeaves = [fc.boolean(), fc.integer(), numbers, fc.string(), fc.constant(null)];
const dates = fc.date({ noInvalidDate: true });
const shape = { maxDepth: 4, withObjectString: true };
const jsonPayloads = fc.anything({ ...shape, values: jsonLeaves });
const payloads = fc.anything({ ...shape, values: [...jsonLeaves, dates] });

/** The same payload, with the keys of every object in another order. */
function withKeysTurnedRound(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withKeysTurnedRound);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  const entries = Object.entries(value).map(([key, property]) => [key, withKeysTurnedRound(property)] as const);
  return Object.fromEntries(entries.reverse());
}

function nested(levels: number): unknown {
  return levels === 0 ? 'the innermost' : { within: nested(levels - 1) };
}

describe('the canonical form of a payload', () => {
  it('is the same in whatever order the keys stand, on every level', () => {
    fc.assert(
      fc.property(payloads, (payload) => {
        expect(canonicalForm(withKeysTurnedRound(payload))).toBe(canonicalForm(payload));
      }),
      SEEDED,
    );
  });

  it('can be read back as JSON where there are no dates: so no two payloads share one', () => {
    fc.assert(
      fc.property(jsonPayloads, (payload) => {
        expect(JSON.parse(canonicalForm(payload))).toEqual(payload);
      }),
      SEEDED,
    );
  });

  it('of a date is no JSON: so it is that of nothing else', () => {
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

  it('tells apart what is easily taken for the same', () => {
    const at = new Date(86_400_000);
    const alike: readonly unknown[] = [
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
    const forms = alike.map(canonicalForm);
    expect(new Set(forms).size).toBe(alike.length);
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

  it('takes -0 for 0, and a property that is undefined for one that is not there', () => {
    expect(canonicalForm({ amount: -0, note: undefined })).toBe(canonicalForm({ amount: 0 }));
  });

  it('is that of the same object when it stands in two places, which is no cycle', () => {
    const account = { id: 'account_A' };
    expect(canonicalForm([account, account])).toBe('[{"id":"account_A"},{"id":"account_A"}]');
  });

  it('is given for objects without a prototype and of another realm', () => {
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
    ['half a surrogate pair', ['\ud800'], 'payload[0] is a text with half a surrogate pair'],
    ['a cycle', cycle, 'payload.self.again[0] is a cycle'],
  ])('is refused to %s, with the path to it', (_what, payload, message) => {
    expect(() => canonicalForm(payload)).toThrow(TypeError);
    expect(() => canonicalForm(payload)).toThrow(message);
  });

  it('is refused beyond the deepest payload', () => {
    expect(canonicalForm(nested(DEEPEST_PAYLOAD))).toContain('the innermost');
    expect(() => canonicalForm(nested(DEEPEST_PAYLOAD + 1))).toThrow('deeper than 100 levels');
  });
});
