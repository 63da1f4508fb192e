import { expect, test } from '@jest/globals';
import { counted } from './counted.ts';

test('a number comes with its noun in the singular or plural', () => {
  expect([0, 1, 2].map((count) => counted(count, 'order'))).toEqual(['0 orders', '1 order', '2 orders']);
});
