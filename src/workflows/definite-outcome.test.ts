import { describe, expect, it } from '@jest/globals';
import { type DefiniteOutcome, MAX_CONTRADICTIONS, untilDefinite } from './definite-outcome.ts';

const MOVED = { kind: 'moved', moved: { previousCents: 0, newCents: 1 } } as const;
const REJECTED = { kind: 'refused', code: 'DEPOSIT_REJECTED' } as const;
const NO_ACCOUNT = { kind: 'refused', code: 'ACCOUNT_NOT_FOUND' } as const;
const REUSED = { kind: 'key reused' } as const;

/** Repeats an operation with these outcomes, over and over. */
async function repeated(...outcomes: readonly [DefiniteOutcome, ...DefiniteOutcome[]]) {
  const remarks: string[] = [];
  const pausesMs: number[] = [];
  let requests = 0;
  const end = await untilDefinite(
    'Deposit to B',
    async () => {
      requests += 1;
      return outcomes[(requests - 1) % outcomes.length] ?? outcomes[0];
    },
    { remark: (text) => remarks.push(text), sleep: async (ms) => pausesMs.push(ms), random: () => 0.999 },
  ).catch((error: unknown) => error);
  return { end, requests, remarks, pausesMs };
}

describe('the outcome of an operation', () => {
  it('is definite at once when the money was moved', async () => {
    expect(await repeated(MOVED)).toEqual({ end: MOVED, requests: 1, remarks: [], pausesMs: [] });
  });

  it.each([
    ['a refusal', REJECTED, 'Deposit to B: refused, DEPOSIT_REJECTED'],
    ['a key that was used before', REUSED, 'Deposit to B: key reused'],
  ])('is definite when a second response confirms %s', async (_, outcome, remark) => {
    expect(await repeated(outcome)).toEqual({ end: outcome, requests: 2, remarks: [remark], pausesMs: [] });
  });

  it('is that the money was moved, whatever was said before', async () => {
    const { end, requests, pausesMs } = await repeated(REJECTED, REUSED, NO_ACCOUNT, MOVED);
    expect(end).toBe(MOVED);
    expect(requests).toBe(4);
    expect(pausesMs).toEqual([999, 1998]);
  });

  it.each([
    ['refusals', REJECTED, NO_ACCOUNT],
    ['a refusal and a key that was used before', NO_ACCOUNT, REUSED],
  ])('is unresolved when it keeps alternating between %s, and each of them is shown', async (_, one, other) => {
    const { end, requests, remarks, pausesMs } = await repeated(one, other);
    expect(end).toMatchObject({ type: 'TransferUnresolved', nonRetryable: true });
    expect(end).toMatchObject({ message: expect.stringMatching(/Deposit to B: the account API contradicts itself/) });
    expect(requests).toBe(MAX_CONTRADICTIONS + 1);
    expect(remarks).toHaveLength(MAX_CONTRADICTIONS + 1);
    expect(Math.max(...pausesMs)).toBeLessThanOrEqual(10_000);
  });
});
