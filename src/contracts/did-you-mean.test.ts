import { expect, test } from '@jest/globals';
import { didYouMean } from './did-you-mean.ts';

const NAMES = ['main', 'crash', 'live-fix', 'live-fix-transfer'];

test.each([
  ['is the name that it begins', 'live', '\n(Did you mean live-fix?)'],
  ['is the closest one', 'mian', '\n(Did you mean main?)'],
  ['is not one that is too different', 'idempotence', ''],
  ['is none for two letters that differ', 'xy', ''],
  ['is none for nothing', '', ''],
])('the suggestion for a name %s', (_, given, suggestion) => {
  expect(didYouMean(given, NAMES)).toBe(suggestion);
});
