import { Type } from 'typebox';
import type { Server } from './create-server.ts';
import { NoQuery, withErrors } from './route-schemas.ts';

const HealthResponse = Type.Object({ status: Type.Literal('healthy') });

/** `GET /health`, which no fault affects. */
export function addHealthRoute(app: Server): void {
  app.get(
    '/health',
    {
      schema: { tags: ['operator'], querystring: NoQuery, response: withErrors({ 200: HealthResponse }, [400, 503]) },
    },
    async (_request, reply) => reply.code(200).send({ status: 'healthy' }),
  );
}
