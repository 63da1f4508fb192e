import { Type } from 'typebox';
import type { Server } from './create-server.ts';
import { withErrors } from './error-responses.ts';
import { NoQuery } from './no-query.ts';

const HealthAnswer = Type.Object({ status: Type.Literal('healthy') });

/** `GET /health`, which no fault touches */
export function addHealthRoute(app: Server): void {
  app.get(
    '/health',
    {
      schema: { tags: ['operator'], querystring: NoQuery, response: withErrors({ 200: HealthAnswer }, [400, 503]) },
    },
    async (_request, reply) => reply.code(200).send({ status: 'healthy' }),
  );
}
