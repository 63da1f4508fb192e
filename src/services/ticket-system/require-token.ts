import type { FastifyRequest } from 'fastify';
import { HttpProblem } from '../http/http-problem.ts';
import type { ServiceClock } from './service-clock.ts';
import type { Tokens } from './tokens.ts';

/** A hook that refuses every request without a valid token, before its body is read. */
export function requireToken(tokens: Tokens, clock: ServiceClock) {
  return async ({ headers }: FastifyRequest): Promise<void> => {
    const token = /^Bearer (\S+)$/i.exec(headers.authorization ?? '')?.[1];
    const state = token === undefined ? 'unknown' : tokens.check(token, clock.nowMs());
    if (state === 'valid') return;
    const [code, message] =
      state === 'expired'
        ? ['TOKEN_EXPIRED', 'the token has expired: get a new one from POST /tokens']
        : ['UNAUTHORIZED', 'a token is required: send Authorization: Bearer <token>, with a token from POST /tokens'];
    throw new HttpProblem(401, code, message, { 'WWW-Authenticate': 'Bearer error="invalid_token"' });
  };
}
