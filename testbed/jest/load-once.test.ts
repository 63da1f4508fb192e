import { runInThisContext } from 'node:vm';
import { expect, test } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/common';
import fastify from 'fastify';

const isErrorOutside: (thing: unknown) => boolean = runInThisContext('(thing) => thing instanceof Error');

test('a package that takes long to load is loaded once for all test files of a process', () => {
  expect(requireNatively('fastify')).toBe(fastify);
  expect(requireNatively('@temporalio/common').ApplicationFailure).toBe(ApplicationFailure);
});

test('an error is recognized on both sides of the sandbox, and nothing else is', () => {
  const outer: unknown = runInThisContext('new RangeError("outer")');
  expect(outer).toBeInstanceOf(Error);
  expect(outer).toBeInstanceOf(RangeError);
  expect(outer).not.toBeInstanceOf(TypeError);
  expect(ApplicationFailure.create({ message: 'of a package' })).toBeInstanceOf(Error);
  expect(isErrorOutside(new RangeError('inner'))).toBe(true);
  expect(new Error('not of this class')).not.toBeInstanceOf(ApplicationFailure);
  expect({ name: 'Error', message: 'only looks like one' }).not.toBeInstanceOf(Error);
  expect(isErrorOutside({ name: 'Error', message: 'only looks like one' })).toBe(false);
});
