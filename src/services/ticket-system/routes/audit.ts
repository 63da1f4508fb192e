import { AuditResponse } from '../../../contracts/ticket-system.ts';
import type { Server } from '../../http/create-server.ts';
import type { RequestsInFlight } from '../../http/requests-in-flight.ts';
import { NoQuery, withErrors } from '../../http/route-schemas.ts';
import type { Audit } from '../audit.ts';

/** `GET /audit` */
export function addAuditRoute(app: Server, audit: () => Promise<Audit>, inFlight: RequestsInFlight): void {
  app.get(
    '/audit',
    {
      schema: {
        tags: ['operator'],
        summary: 'Count tickets and creates of all orders, from the files and the ledger alone',
        querystring: NoQuery,
        response: withErrors({ 200: AuditResponse }, [400, 500, 503]),
      },
    },
    async (_request, reply) => {
      const { counts } = await audit();
      return reply.code(200).send({ ...counts, inFlight: inFlight.count() });
    },
  );
}
