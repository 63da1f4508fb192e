import { Type } from 'typebox';
import type { Server } from '../../http/create-server.ts';
import { NoQuery, withErrors } from '../../http/route-schemas.ts';
import type { AccountService } from '../account-service.ts';

export const ResetResponse = Type.Object({
  archive: Type.String({ description: 'the name of the old journal, in the same folder as the new one' }),
});

/** `POST /reset` */
export function addResetRoute(app: Server, service: AccountService): void {
  app.post(
    '/reset',
    {
      schema: {
        tags: ['operator'],
        summary: 'Archive the journal and reset the accounts to their opening balances, without any idempotency keys',
        querystring: NoQuery,
        response: withErrors({ 200: ResetResponse }, [400, 413, 415, 500, 503, 507], {
          500: 'RESET_FAILED: the accounts stay as they are',
          507: 'DISK_FULL: the accounts stay as they are',
        }),
      },
    },
    async (_request, reply) => {
      return reply.code(200).send({ archive: await service.reset() });
    },
  );
}
