import { TokenResponse } from '../../../contracts/ticket-system.ts';
import type { Server } from '../../http/create-server.ts';
import { HttpProblem } from '../../http/http-problem.ts';
import { NoQuery, withErrors } from '../../http/route-schemas.ts';
import type { TicketService } from '../ticket-service.ts';

/** `POST /tokens` */
export function addTokensRoute(app: Server, service: TicketService): void {
  app.post(
    '/tokens',
    {
      schema: {
        tags: ['tokens'],
        summary: 'Issue a token, which all other calls about orders need',
        querystring: NoQuery,
        response: withErrors({ 201: TokenResponse }, [400, 413, 415, 422, 429, 500, 503]),
      },
    },
    async ({ body }, reply) => {
      if (!isEmpty(body)) throw new HttpProblem(400, 'INVALID_REQUEST', 'this request takes no body');
      return reply.code(201).send(await service.issueToken());
    },
  );
}

function isEmpty(body: unknown): boolean {
  if (body === undefined || body === null) return true;
  return typeof body === 'object' && !Array.isArray(body) && Object.keys(body).length === 0;
}
