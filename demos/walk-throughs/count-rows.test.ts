import { expect, test } from '@jest/globals';
import { codeRows, countRow, hasGoneOn, type Life } from './count-rows.ts';

const life = (from: number, to: number, end: Life['end']): Life => ({
  numbers: Array.from({ length: to - from + 1 }, (_, index) => from + index),
  end,
});

test('the latest process of each stands beside that of the other, with how it ended', () => {
  const script = [life(1, 4, 'killed'), life(1, 10, 'ended')];
  expect(countRow(script.slice(0, 1), [life(1, 4, 'killed')])).toBe(
    '  1 2 3 4 ✗ killed                      1 2 3 4 ✗ killed',
  );
  expect(countRow(script, [life(1, 4, 'killed'), life(5, 7, 'running')])).toBe(
    '  1 2 3 4 5 6 7 8 9 10 ✓                5 6 7',
  );
});

test('who counts to ten has gone on where they were killed, even if the last number is said twice, and has not if they start over', () => {
  const goesOn = (...lives: readonly Life[]) => hasGoneOn(lives, 10);
  expect(goesOn(life(1, 4, 'killed'), life(5, 7, 'killed'), life(8, 10, 'ended'))).toBe(true);
  expect(goesOn(life(1, 5, 'killed'), life(5, 7, 'killed'), life(8, 10, 'ended'))).toBe(true);
  expect(goesOn(life(1, 4, 'killed'), life(1, 10, 'ended'))).toBe(false);
  expect(goesOn(life(1, 5, 'killed'), life(4, 10, 'ended'))).toBe(false);
  expect(goesOn(life(1, 4, 'killed'), life(6, 10, 'ended'))).toBe(false);
  expect(goesOn(life(1, 4, 'killed'), life(5, 9, 'ended'))).toBe(false);
});

test('a process that ended with an error gets no green mark', () => {
  expect(countRow([life(1, 3, 'failed')], [])).toBe('  1 2 3 ✗ failed');
});

test('no row is wider than 80 columns', () => {
  const loop = 'for (let n = 1; n <= 10; n += 1) {';
  const rows = [...codeRows([loop], [loop]), countRow([life(1, 10, 'killed')], [life(1, 10, 'killed')])];
  for (const row of rows) expect(row.length).toBeLessThanOrEqual(80);
});
