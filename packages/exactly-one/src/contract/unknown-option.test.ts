import { describe, expect, it } from '@jest/globals';
import { unknownOption } from './unknown-option.ts';

const OPTIONS = ['activities', 'rejecting', 'read'];

describe('an option that does not exist', () => {
  it.each([
    ['activites', 'activities'],
    ['Activities', 'activities'],
    ['activity', undefined],
    ['rejectingCodes', 'rejecting'],
    ['reject', 'rejecting'],
    ['raed', 'read'],
    ['redoingActivities', undefined],
    ['re', undefined],
    ['timeoutMs', undefined],
  ])('%s is named, with the one that is meant: %s', (name, meant) => {
    expect(unknownOption({ read: 1, [name]: undefined }, OPTIONS)).toBe(
      `there is no option ${name}; ${meant ? `did you mean ${meant}?` : 'the options are activities, rejecting, read'}`,
    );
  });

  it('is not looked for where there is none', () => {
    expect(unknownOption({}, OPTIONS)).toBeUndefined();
    expect(unknownOption({ read: 1, rejecting: undefined }, OPTIONS)).toBeUndefined();
  });

  it('is shown in part if it is very long', () => {
    expect(unknownOption({ ['x'.repeat(1e5)]: 1 }, OPTIONS)?.length).toBeLessThan(150);
  });
});
