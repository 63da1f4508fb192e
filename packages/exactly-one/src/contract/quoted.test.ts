import { describe, expect, it } from '@jest/globals';
import { beginning, cut, quoted } from './quoted.ts';

describe('a text that is cut', () => {
  it('stays as it is when it is short enough', () => {
    expect(cut('abc', 3)).toBe('abc');
  });

  it('ends in an ellipsis otherwise', () => {
    expect(cut('abcd', 3)).toBe('abc…');
  });

  it('does not end in half of a character', () => {
    expect(cut('a😀bc', 2)).toBe('a…');
  });
});

describe('the beginning of a text', () => {
  it('is masked before it is cut, so that no part of a secret remains', () => {
    expect(beginning('the secret is 1234', 16, (text) => text.replace('1234', '***'))).toBe('the secret is **…');
  });

  it('stays as it is without a mask', () => {
    expect(beginning('the secret is 1234', 16)).toBe('the secret is 12…');
  });
});

describe('a quoted value', () => {
  const circular: Record<string, unknown> = {};
  circular.itself = circular;
  const deep = JSON.parse('['.repeat(50_000) + ']'.repeat(50_000));

  it.each([
    ['a text', 'order 1', '"order 1"'],
    ['null', null, 'null'],
    ['nothing', undefined, 'undefined'],
    ['a list', [1, 'a'], '[1,"a"]'],
    ['an object without a text', JSON.parse('{"toString":1,"valueOf":1,"toJSON":1}'), '{"toString":1,'],
    ['an object without a prototype', Object.create(null), '{}'],
    ['a value that refers to itself', circular, 'a value of type object that cannot be shown'],
    ['a big integer', 1n, 'a value of type bigint that cannot be shown'],
    ['a value that is nested too deeply', deep, 'a value of type object that cannot be shown'],
  ])('can be %s', (_, value, text) => {
    expect(quoted(value)).toContain(text);
  });

  it('is short, however large the value is', () => {
    expect(quoted('x'.repeat(1_500_000))).toHaveLength(121);
  });

  it('is masked', () => {
    expect(quoted({ pin: 1234 }, (text) => text.replace('1234', '***'))).toBe('{"pin":***}');
  });
});
