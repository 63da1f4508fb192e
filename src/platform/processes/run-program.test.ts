import { afterEach, expect, it, jest } from '@jest/globals';
import { ODD_REJECTIONS } from '../../contracts/odd-rejections.fixture.ts';
import { runProgram } from './run-program.ts';

afterEach(() => void jest.restoreAllMocks());

/** Runs a program that fails. */
async function failingWith(thrown: unknown) {
  const printed = jest.spyOn(console, 'error').mockImplementation(() => undefined);
  const exited = jest.spyOn(process, 'exit').mockImplementation(() => {
    throw new Error('exited');
  });
  await expect(runProgram(() => Promise.reject(thrown))).rejects.toThrow('exited');
  return { lines: printed.mock.calls.map(([line]) => String(line)), exitCodes: exited.mock.calls };
}

it('prints the message of an error, and the stack of a bug', async () => {
  expect(await failingWith(new Error('the port is taken'))).toEqual({ lines: ['the port is taken'], exitCodes: [[1]] });
  jest.restoreAllMocks();
  const { lines } = await failingWith(new TypeError('x is undefined'));
  expect(lines[0]).toMatch(/x is undefined\n\s+at /);
});

it.each(ODD_REJECTIONS)('prints something and exits with 1 for %s', async (_what, thrown) => {
  const { lines, exitCodes } = await failingWith(thrown);
  expect(lines).toHaveLength(1);
  expect(exitCodes).toEqual([[1]]);
});
