import { describe, expect, it } from '@jest/globals';
import { A_CLIENT, A_DURATION, A_FUNCTION, A_TEXT, checkOptions, optional } from './check-options.ts';

const check = (given: unknown) => () =>
  checkOptions('book', given, { run: A_FUNCTION, name: optional(A_TEXT), 'timings.waitMs': A_DURATION });

describe('the options of a function', () => {
  it('may have more fields than are checked, and lack those that are optional', () => {
    expect(check({ run: () => 1, timings: { waitMs: 0 }, more: 1 })).not.toThrow();
  });

  it.each<readonly [unknown, string]>([
    [undefined, 'book: the options must be an object, but are undefined'],
    ['run', 'book: the options must be an object, but are "run"'],
    [{}, 'book: run must be a function, but is undefined'],
    [{ run: 'x' }, 'book: run must be a function, but is "x"'],
    [{ run: Math.abs, name: '' }, 'book: name must be a text that is not empty, or undefined, but is ""'],
    [{ run: Math.abs }, 'book: timings.waitMs must be milliseconds, 0 or more, but is undefined'],
    [{ run: Math.abs, timings: { waitMs: '5' } }, 'book: timings.waitMs must be milliseconds, 0 or more, but is "5"'],
    [{ run: Math.abs, timings: { waitMs: -1 } }, 'book: timings.waitMs must be milliseconds, 0 or more, but is -1'],
  ])('are refused by name, with what they are and what is allowed: %j', (given, message) => {
    expect(check(given)).toThrow(new TypeError(message));
  });

  it('take a client for what it can do, whatever copy of the package it comes from', () => {
    expect(A_CLIENT.isValid({ workflow: { getHandle: () => 1 } })).toBe(true);
    for (const none of [undefined, {}, { workflow: {} }]) expect(A_CLIENT.isValid(none)).toBe(false);
  });
});
