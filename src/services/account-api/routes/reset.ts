import { type Static, Type } from 'typebox';
import type { Server } from '../../http/create-server.ts';
import { withErrors } from '../../http/error-responses.ts';
import { NoQuery } from '../../http/no-query.ts';
import type { RouteContext } from '../route-context.ts';

export const ResetResponse = Type.Object({
  archive: Type.Optional(Type.String({ description: 'the name of the old journal, beside the new one' })),
});

/** `POST /reset`: the accounts open anew, and all keys are forgotten */
export function addResetRoute(app: Server, { ledger }: RouteContext): void {
  app.post(
    '/reset',
    {
      schema: {
        tags: ['operator'],
        summary: 'Put the journal into an archive and open the accounts anew; all keys are forgotten',
        querystring: NoQuery,
        response: withErrors({ 200: ResetResponse }, [400, 413, 415, 503]),
      },
    },
    async (_request, reply) => {
      const archive = await ledger.reset();
      const answer: Static<typeof ResetResponse> = archive === undefined ? {} : { archive };
      return reply.code(200).send(answer);
    },
  );
}
