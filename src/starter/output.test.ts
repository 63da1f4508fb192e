import { Writable } from 'node:stream';
import { expect, test } from '@jest/globals';
import { createOutput } from './output.ts';

test.each([
  [true, 120, 120],
  [true, 0, 80],
  [true, undefined, 80],
  [false, undefined, undefined],
])('where stdout is a terminal: %j, of %j columns, the width is %j', (isTTY, columns, width) => {
  const stdout = Object.assign(new Writable(), { isTTY, ...(columns === undefined ? {} : { columns }) });
  expect(createOutput(stdout, new Writable()).columns()).toBe(width);
});
