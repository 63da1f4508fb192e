import { describe, expect, test } from '@jest/globals';
import { takeWanted } from './take-wanted.ts';

/** Takes the even ones of these numbers, and counts how many ids were read. */
async function evenOnes(
  numbers: readonly number[],
  limit: number,
  maxLookedAt = 1_000,
  signal = new AbortController().signal,
) {
  let read = 0;
  async function* ids() {
    for (const number of numbers) {
      read += 1;
      yield String(number);
    }
  }
  const lookAt = async (some: readonly string[]) => some.map(Number);
  const isWanted = (number: number) => number % 2 === 0;
  return { ...(await takeWanted(ids(), { lookAt, isWanted, limit, batchSize: limit, maxLookedAt, signal })), read };
}

const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);

describe('of many, the first ones that are wanted', () => {
  test('are found although none of the first ones is wanted', async () => {
    expect(await evenOnes([1, 3, 5, 7, 9, 2], 2)).toEqual({ taken: [2], ended: 'complete', read: 6 });
  });

  test('are no more than the limit, and no more is read than needed', async () => {
    expect(await evenOnes(upTo(100), 2)).toEqual({ taken: [2, 4], ended: 'enough', read: 5 });
    expect(await evenOnes([2, 4, 6], 3)).toEqual({ taken: [2, 4, 6], ended: 'complete', read: 3 });
    expect(await evenOnes([1, 2, 4, 6], 2)).toMatchObject({ taken: [2, 4], ended: 'enough' });
  });

  test('are searched among so many at most', async () => {
    expect(await evenOnes([1, 3, 5, 7, 9, 2], 2, 3)).toEqual({ taken: [], ended: 'too many', read: 4 });
  });

  test('are taken once, although an id comes several times', async () => {
    expect(await evenOnes([2, 2, 2, 1, 4], 3)).toMatchObject({ taken: [2, 4], ended: 'complete' });
  });

  test('are no longer searched when nobody waits for them', async () => {
    expect(await evenOnes(upTo(100), 20, 1_000, AbortSignal.abort())).toMatchObject({ taken: [], read: 1 });
  });
});
