import { beforeAll, expect, test } from '@jest/globals';
import { runIdempotency } from './idempotency.ts';

const SEED = 112_358;

let once: Awaited<ReturnType<typeof runIdempotency>>;
beforeAll(async () => {
  once = await runIdempotency({ seed: SEED });
});

test('a deposit whose response is lost is made twice without a key, and once with one', () => {
  const { ok, figures, lines } = once;
  expect(ok).toBe(true);
  const { withoutKey, withKey, dedupe, runOnce, keys } = figures;

  expect(withoutKey.answersLost).toBeGreaterThan(0);
  expect(withoutKey.arrivedCents).toBe(withoutKey.wantedCents + 100 * withoutKey.answersLost);
  expect(withKey.answersLost).toBeGreaterThan(0);
  expect(withKey.arrivedCents).toBe(withKey.wantedCents);

  expect(dedupe.answerToTheRepetition).toEqual(dedupe.answer);
  expect(dedupe.movedByTheRepetitionCents).toBe(0);

  expect(runOnce.effects).toBe(1);
  expect(runOnce.replayed).toEqual(runOnce.first);

  const [first, permuted, other] = keys;
  expect(permuted?.payload).not.toBe(first?.payload);
  expect(permuted?.key).toBe(first?.key);
  expect(other?.key).not.toBe(first?.key);
  expect(lines.join('\n')).toContain(dedupe.key);
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
});

test('the same seed gives the same figures', async () => {
  expect(await runIdempotency({ seed: SEED })).toEqual(once);
});
