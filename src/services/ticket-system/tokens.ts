import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { nanoid } from 'nanoid';

/** Short-lived bearer tokens. A token contains its signed expiry, so none is stored. None outlives this process. */
export interface Tokens {
  issue(nowMs: number): { token: string; expiresAtMs: number };
  check(token: string, nowMs: number): 'valid' | 'expired' | 'unknown';
}

const TOKEN = /^(?<claim>(?<expiresAtMs>\d{1,15})\.[\w-]+)\.(?<signature>[\w-]+)$/;

/** @param ttlMs how long a token is valid */
export function createTokens(ttlMs: number): Tokens {
  const secret = randomBytes(32);
  const sign = (claim: string) => createHmac('sha256', secret).update(claim).digest();
  return {
    issue(nowMs) {
      const expiresAtMs = nowMs + ttlMs;
      const claim = `${expiresAtMs}.${nanoid()}`;
      return { token: `${claim}.${sign(claim).toString('base64url')}`, expiresAtMs };
    },
    check(token, nowMs) {
      const { claim, expiresAtMs, signature } = TOKEN.exec(token)?.groups ?? {};
      if (claim === undefined || signature === undefined) return 'unknown';
      const given = Buffer.from(signature, 'base64url');
      const expected = sign(claim);
      if (given.length !== expected.length || !timingSafeEqual(given, expected)) return 'unknown';
      return nowMs < Number(expiresAtMs) ? 'valid' : 'expired';
    },
  };
}
