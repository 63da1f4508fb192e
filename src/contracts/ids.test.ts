import { describe, expect, it } from '@jest/globals';
import { orderIdProblem } from './ids.ts';

describe('an order id', () => {
  it.each(['order-112358', '7', 'A_b-9', 'transfer', 'Transfer-1', 'my-transfer-1', 'x'.repeat(64)])(
    'may be %s',
    (id) => {
      expect(orderIdProblem(id)).toBeUndefined();
    },
  );

  it.each([
    ['empty', ''],
    ['longer than 64 characters', 'x'.repeat(65)],
    ['started with a dash, which a shell reads as an option', '-order'],
    ['started with an underscore', '_order'],
    ['a path', '../order-1'],
    ['a file name with a dot', 'order.1'],
    ['the id of a late watch', 'order-1:late-watch:run'],
    ['a text with a space', 'order 1'],
    ['a text with a letter outside ASCII', 'ördér'],
    ['a text that ends in a line break', 'order-1\n'],
    ['a valid id on a second line', 'x y\norder-1'],
    ['the workflow id of a transfer', 'transfer-1'],
    ['missing', undefined],
    ['null', null],
    ['a number', 112358],
    ['a list', ['order-1']],
  ])('may not be %s', (_, id) => {
    expect(orderIdProblem(id)).toContain('is not a valid order id');
  });

  it('that is invalid is quoted in the problem, with what is allowed and an example', () => {
    const problem = orderIdProblem('order 1');
    for (const part of ['"order 1"', '1 to 64', '"transfer-"', 'order-112358']) expect(problem).toContain(part);
  });
});
