import type { Server } from '../../http/create-server.ts';
import { NoQuery } from '../../http/route-schemas.ts';
import { AccountResponse, AccountsResponse } from '../account-responses.ts';
import type { AccountService } from '../account-service.ts';
import { AccountParams, readResponses } from '../route-schemas.ts';

/** `GET /accounts`, `GET /accounts/:account` */
export function addAccountRoutes(app: Server, service: AccountService): void {
  app.get(
    '/accounts',
    {
      schema: {
        tags: ['accounts'],
        summary: 'All accounts',
        querystring: NoQuery,
        response: readResponses(AccountsResponse),
      },
    },
    async (_request, reply) => reply.code(200).send(await service.list()),
  );

  app.get(
    '/accounts/:account',
    {
      schema: {
        tags: ['accounts'],
        summary: 'The durable balance of an account',
        params: AccountParams,
        querystring: NoQuery,
        response: readResponses(AccountResponse),
      },
    },
    async ({ params: { account } }, reply) => reply.code(200).send(await service.get(account)),
  );
}
