import { expect, test } from '@jest/globals';
import { withProblems } from './with-problems.ts';

const GOOD = { ok: true, summary: '1 transfer, 0 lost', details: { transfers: 1 } };

function resultWith(result: typeof GOOD, ...problems: readonly string[]) {
  const printed: string[] = [];
  return { ...withProblems(result, problems, { line: (text = '') => printed.push(text) }), printed };
}

test('a demo that showed everything keeps its result', () => {
  expect(resultWith(GOOD)).toEqual({ ...GOOD, details: { transfers: 1, wrong: [] }, printed: [] });
});

test('what a demo did not show is printed, and is in its verdict even if all numbers are good', () => {
  expect(resultWith(GOOD, 'nothing was killed')).toEqual({
    ...{ ok: false, summary: '1 transfer, 0 lost, 1 problem', printed: ['  nothing was killed'] },
    details: { transfers: 1, wrong: ['nothing was killed'] },
  });
  expect(resultWith({ ...GOOD, ok: false }, 'nothing was killed').summary).toBe(GOOD.summary);
});
