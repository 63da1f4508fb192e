import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { during } from './during.ts';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

test('what takes long is said to be awaited, with the time, until it is there; a moment is not worth a word', async () => {
  const shown: string[][] = [];
  const show = (lines: readonly string[]) => void shown.push(lines.map(stripVTControlCharacters));
  let finish: (result: string) => void = () => undefined;
  const work = new Promise<string>((resolve) => {
    finish = resolve;
  });
  const result = during({ show }, 'asking the worker', work);
  await jest.advanceTimersByTimeAsync(600);
  expect(shown).toEqual([]);
  await jest.advanceTimersByTimeAsync(1_600);
  expect(shown.at(0)).toEqual(['… asking the worker (0 s)']);
  expect(shown.at(-1)).toEqual(['… asking the worker (2 s)']);
  finish('done');
  expect(await result).toBe('done');
  expect(shown.at(-1)).toEqual([]);
  const length = shown.length;
  await jest.advanceTimersByTimeAsync(5_000);
  expect(shown).toHaveLength(length);
});
