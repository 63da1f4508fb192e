import { expect, test } from '@jest/globals';
import { inRound } from './rounds.ts';

test('contenders alternate: each of them comes first in every other round', () => {
  expect([1, 2, 3].map((round) => inRound(round, ['A', 'B']).join(' '))).toEqual(['A B', 'B A', 'A B']);
});
