import { describe, expect, it } from '@jest/globals';
import { MAX_SEED, readWholeNumber } from './whole-number.ts';

describe('a whole number', () => {
  it.each([
    ['0', 0],
    ['7', 7],
    ['007', 7],
    ['4294967295', MAX_SEED],
  ])('is read from %j', (text, value) => {
    expect(readWholeNumber(text, 0, MAX_SEED)).toBe(value);
  });

  it.each(['', ' 1', '1 ', '+1', '-1', '1.0', '1e3', '0x10', '1_000', '٣', 'one', '4294967296'])(
    'is not %j, and the error says what is allowed',
    (text) => {
      expect(() => readWholeNumber(text, 0, MAX_SEED)).toThrow('expected a whole number from 0 to 4294967295');
    },
  );

  it('may be its smallest and its largest value, and nothing beyond', () => {
    expect([readWholeNumber('2', 2, 4), readWholeNumber('4', 2, 4)]).toEqual([2, 4]);
    for (const text of ['1', '5']) expect(() => readWholeNumber(text, 2, 4)).toThrow(RangeError);
  });

  it('may be called something else in the error', () => {
    expect(() => readWholeNumber('70000', 0, 65_535, 'a port')).toThrow('expected a port');
  });
});
