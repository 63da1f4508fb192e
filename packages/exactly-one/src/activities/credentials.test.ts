import { describe, expect, it } from '@jest/globals';
import { createCredentials } from './credentials.ts';
import { inActivity } from './in-activity.fixture.ts';
import { NotSent } from './thrown-by-functions.ts';

const NOW_MS = 1_700_000_000_000;
const ANY = { notIssuedBeforeMs: 0, validUntilMs: 0 };
const PATIENT = { timeoutMs: 60_000 };

/** Tokens named by the number of their request, each valid for ten seconds, on a clock that a test sets. */
function tokensOf({ answer = (token: string) => Promise.resolve(token), ttlMs = 10_000 } = {}) {
  const clock = { nowMs: NOW_MS };
  let requests = 0;
  const tokens = createCredentials(
    async () => {
      requests += 1;
      const token = await answer(`token ${requests}`);
      return { token, expiresAtMs: clock.nowMs + ttlMs };
    },
    () => clock.nowMs,
  );
  return { ...tokens, clock, requests: () => requests };
}

/** Answers that wait until they are let through. */
function heldAnswers() {
  const waiting: ((how: 'issued' | 'failed') => void)[] = [];
  const answer = (token: string) =>
    new Promise<string>((resolve, reject) => {
      waiting.push((how) => (how === 'issued' ? resolve(token) : reject(new Error('reset'))));
    });
  return { answer, next: (how: 'issued' | 'failed') => waiting.shift()?.(how) };
}

describe('the tokens of a worker', () => {
  it('are requested once and used until they expire', async () => {
    const { satisfying, clock, requests } = tokensOf();
    const first = await satisfying(ANY, PATIENT);
    clock.nowMs += 9_999;
    expect(await satisfying(ANY, PATIENT)).toBe(first);
    clock.nowMs += 1;
    expect(await satisfying(ANY, PATIENT)).toMatchObject({ token: 'token 2' });
    expect(requests()).toBe(2);
  });

  it('are renewed for a call that needs one for longer', async () => {
    const { satisfying } = tokensOf();
    await satisfying(ANY, PATIENT);
    expect(await satisfying({ ...ANY, validUntilMs: NOW_MS + 9_999 }, PATIENT)).toMatchObject({ token: 'token 1' });
    expect(await satisfying({ ...ANY, validUntilMs: NOW_MS + 10_000 }, PATIENT)).toMatchObject({ token: 'token 2' });
  });

  it('are used although they expire too early, if the service issues no better ones', async () => {
    const { satisfying, requests } = tokensOf({ ttlMs: -1 });
    expect(await satisfying({ ...ANY, validUntilMs: NOW_MS + 5_000 }, PATIENT)).toMatchObject({ token: 'token 1' });
    expect(requests()).toBe(1);
  });

  it('take one request for many calls at the same time', async () => {
    const { answer, next } = heldAnswers();
    const { satisfying, requests } = tokensOf({ answer });
    const calls = Array.from({ length: 100 }, () => satisfying(ANY, PATIENT));
    next('issued');
    expect(new Set(await Promise.all(calls)).size).toBe(1);
    expect(requests()).toBe(1);
  });

  it('take one further request after a refusal, however many calls it met', async () => {
    const { satisfying, refused, requests } = tokensOf();
    const first = await satisfying(ANY, PATIENT);
    for (let call = 0; call < 100; call += 1) refused(first);
    const required = { ...ANY, notIssuedBeforeMs: first.issuedAtMs + 1 };
    const calls = await Promise.all(Array.from({ length: 100 }, () => satisfying(required, PATIENT)));
    expect(new Set(calls.map(({ token }) => token))).toEqual(new Set(['token 2']));
    refused(first);
    expect(await satisfying(required, PATIENT)).toMatchObject({ token: 'token 2' });
    expect(requests()).toBe(2);
  });

  it('are not used again by a call that does not know of the refusal', async () => {
    const { satisfying, refused } = tokensOf();
    refused(await satisfying(ANY, PATIENT));
    expect(await satisfying(ANY, PATIENT)).toMatchObject({ token: 'token 2' });
  });

  it('are renewed once when another worker, whose clock is ahead, was refused a later token', async () => {
    const { satisfying, refused } = tokensOf();
    await satisfying(ANY, PATIENT);
    const required = { ...ANY, notIssuedBeforeMs: NOW_MS + 3_600_000 };
    const second = await satisfying(required, PATIENT);
    expect(second).toMatchObject({ token: 'token 2', issuedAtMs: required.notIssuedBeforeMs });
    expect(await satisfying(required, PATIENT)).toBe(second);
    refused(second);
    expect(await satisfying(ANY, PATIENT)).toMatchObject({ token: 'token 3' });
  });

  it('remain distinct when the clock steps back', async () => {
    const { satisfying, clock, requests } = tokensOf();
    await satisfying(ANY, PATIENT);
    clock.nowMs -= 3_600_000;
    const second = await satisfying({ ...ANY, validUntilMs: NOW_MS + 20_000 }, PATIENT);
    expect(second.token).toBe('token 2');
    expect(await satisfying({ ...ANY, notIssuedBeforeMs: second.issuedAtMs }, PATIENT)).toBe(second);
    expect(requests()).toBe(2);
  });

  it('are not taken from a request that began before the refusal', async () => {
    const { answer, next } = heldAnswers();
    const { satisfying, requests } = tokensOf({ answer });
    const early = satisfying(ANY, PATIENT);
    const late = satisfying({ ...ANY, notIssuedBeforeMs: NOW_MS + 1 }, PATIENT);
    next('issued');
    next('issued');
    expect(await early).toMatchObject({ token: 'token 1' });
    expect(await late).toMatchObject({ token: 'token 2' });
    expect(await satisfying(ANY, PATIENT)).toMatchObject({ token: 'token 2' });
    expect(requests()).toBe(2);
  });

  it('are requested again after a request that failed for all calls that waited for it', async () => {
    const { answer, next } = heldAnswers();
    const { satisfying, requests } = tokensOf({ answer });
    const calls = [satisfying(ANY, PATIENT), satisfying(ANY, PATIENT)];
    next('failed');
    for (const call of calls) await expect(call).rejects.toThrow('reset');
    const again = satisfying(ANY, PATIENT);
    next('issued');
    expect(await again).toMatchObject({ token: 'token 2' });
    expect(requests()).toBe(2);
  });

  it('pass on why the service issued none', async () => {
    const error = new Error('POST /tokens responded with 429');
    const { satisfying } = tokensOf({ answer: () => Promise.reject(error) });
    await expect(satisfying(ANY, PATIENT)).rejects.toBe(error);
  });
});

describe('a call that waits for a token', () => {
  it('gives up when its time is over or it is cancelled, and does not stop the request', async () => {
    const { answer, next } = heldAnswers();
    const { satisfying, requests } = tokensOf({ answer });
    const patient = satisfying(ANY, PATIENT);
    await expect(satisfying(ANY, { timeoutMs: 0 })).rejects.toThrow(new NotSent('no credentials within 0 ms'));
    const cancelled = satisfying(ANY, { ...PATIENT, signal: AbortSignal.abort() });
    await expect(cancelled).rejects.toThrow('the call was cancelled while it waited for credentials');
    next('issued');
    expect(await patient).toMatchObject({ token: 'token 1' });
    expect(requests()).toBe(1);
  });
});

describe('the activity that obtains credentials', () => {
  it('returns until when they are valid, and nothing else of them', async () => {
    const { obtain } = tokensOf();
    expect(await inActivity(() => obtain(ANY))).toEqual({ validUntilMs: NOW_MS + 10_000 });
  });
});
