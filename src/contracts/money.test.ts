import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { centsOf, decimalOf, MAX_CENTS } from './money.ts';

const anyCents = fc.integer({ min: 1, max: MAX_CENTS });

describe('an amount', () => {
  it.each([
    ['100', 10_000],
    ['99.9', 9_990],
    ['99.90', 9_990],
    ['0.01', 1],
    ['0.10', 10],
    ['1e2', 10_000],
    ['12.5E-1', 125],
    ['100.000', 10_000],
    ['007', 700],
    ['90071992547409.91', MAX_CENTS],
  ])('is parsed: %s', (text, cents) => {
    expect(centsOf(text)).toBe(cents);
  });

  it.each([
    ['0', 'not positive'],
    ['0.00', 'not positive'],
    ['-1', 'not positive'],
    ['-0.001', 'not positive'],
    ['0.001', 'more than two decimals'],
    ['1.005', 'more than two decimals'],
    ['1e-3', 'more than two decimals'],
    ['90071992547409.92', 'too large'],
    ['1e999', 'too large'],
    ['1e400', 'too large'],
    ['NaN', 'not a number'],
    ['Infinity', 'not a number'],
    ['', 'not a number'],
    ['1,5', 'not a number'],
    ['.5', 'not a number'],
    ['0x10', 'not a number'],
    [' 1', 'not a number'],
  ])('is refused, with the reason: %s', (text, problem) => {
    expect(centsOf(text)).toBe(problem);
  });

  it('is the same after formatting and parsing', () => {
    fc.assert(
      fc.property(anyCents, (cents) => {
        expect(centsOf(decimalOf(cents))).toBe(cents);
      }),
      { seed: 112_358 },
    );
  });

  it('does not depend on how its decimal point and exponent are written', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 ** 12 }), fc.integer({ min: -9, max: 9 }), (cents, shift) => {
        const moved = `${cents}e${shift - 2}`;
        const back = `${BigInt(cents) * 10n ** 9n}e${shift - 11}`;
        expect(centsOf(moved)).toBe(centsOf(back));
      }),
      { seed: 112_358 },
    );
  });

  it('may be formatted when it is zero or negative, as a balance can be', () => {
    expect([0, -5, -1_250].map(decimalOf)).toEqual(['0', '-0.05', '-12.5']);
  });
});
