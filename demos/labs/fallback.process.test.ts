import { expect, test } from '@jest/globals';
import { runFallback } from './fallback.ts';

const RESERVATIONS = 100;

test('the backup serves reservations that three reads of the primary did not, and no card is wrong', async () => {
  const { ok, figures, lines } = await runFallback({ seed: 112_358, reservations: RESERVATIONS });
  expect(ok).toBe(true);
  const { endings, example, withBackup, primaryAlone, repaired, wrongCards } = figures;
  expect(endings.reduce((sum, { reservations }) => sum + reservations, 0)).toBe(RESERVATIONS);
  expect(withBackup.measured).toBeGreaterThan(primaryAlone.measured);
  expect(example?.reads.map(({ source }) => source)).toEqual(['primary', 'primary', 'primary', 'backup']);
  expect(example?.reads.at(-1)?.came).toMatch(/a complete response|malformed JSON/);
  expect(repaired).toBeGreaterThan(0);
  expect(wrongCards).toBe(0);
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
  // Cards are secret.
  expect(`${lines.join('\n')}${JSON.stringify(figures)}`).not.toContain('VISA');
});

test('when all operations fail, their errors are reported in order', async () => {
  const { figures } = await runFallback({ seed: 1, reservations: 5 });
  expect(figures.allFailed).toEqual([
    'primary: status 500',
    'backup: status 500',
    'a vault that is down: ECONNREFUSED',
  ]);
});

test('the same seed gives the same figures', async () => {
  const once = await runFallback({ seed: 3, reservations: 15 });
  expect(await runFallback({ seed: 3, reservations: 15 })).toEqual(once);
});
