import { TokenResponse } from '../../../contracts/ticket-system.ts';
import type { Server } from '../../http/create-server.ts';
import { withErrors } from '../../http/error-responses.ts';
import { HttpProblem } from '../../http/http-problem.ts';
import { NoQuery } from '../../http/no-query.ts';
import { timeOf } from '../records.ts';
import type { RouteContext } from '../route-context.ts';

/** `POST /tokens` */
export function addTokensRoute(app: Server, { tokens, clock, faults }: RouteContext): void {
  app.post(
    '/tokens',
    {
      schema: {
        tags: ['tokens'],
        summary: 'A token for all other calls',
        querystring: NoQuery,
        response: withErrors({ 201: TokenResponse }, [400, 413, 415, 422, 429, 500, 503]),
      },
    },
    async ({ body }, reply) => {
      if (!isEmpty(body)) throw new HttpProblem(400, 'INVALID_REQUEST', 'body: a token is asked for without one');
      const answer = await faults.around('token', '', 201, async () => {
        const { token, expiresAtMs } = tokens.issue(clock.nowMs());
        return { token, expiresAt: timeOf(expiresAtMs) };
      });
      return reply.code(201).send(answer);
    },
  );
}

function isEmpty(body: unknown): boolean {
  if (body === undefined || body === null) return true;
  return typeof body === 'object' && !Array.isArray(body) && Object.keys(body).length === 0;
}
