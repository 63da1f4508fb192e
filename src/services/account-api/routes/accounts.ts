import type { Server } from '../../http/create-server.ts';
import { NoQuery } from '../../http/no-query.ts';
import { AccountResponse, AccountsResponse, accountResponse, accountsResponse } from '../account-responses.ts';
import { refusal } from '../refusals.ts';
import type { RouteContext } from '../route-context.ts';
import { AccountParams, readResponses } from '../route-schemas.ts';

/** `GET /accounts`, `GET /accounts/:account` */
export function addAccountRoutes(app: Server, { ledger, faults }: RouteContext): void {
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
    async (_request, reply) => {
      const answer = await faults.around('account.before-commit', 'GET /accounts', 200, async () =>
        accountsResponse(await ledger.balancesCents()),
      );
      return reply.code(200).send(answer);
    },
  );

  app.get(
    '/accounts/:account',
    {
      schema: {
        tags: ['accounts'],
        summary: 'The balance of an account, as it is on disk',
        params: AccountParams,
        querystring: NoQuery,
        response: readResponses(AccountResponse),
      },
    },
    async ({ params: { account } }, reply) => {
      const answer = await faults.around('account.before-commit', `GET ${account}`, 200, async () => {
        const balanceCents = (await ledger.balancesCents()).get(account);
        if (balanceCents === undefined) throw refusal('ACCOUNT_NOT_FOUND');
        return accountResponse(account, balanceCents);
      });
      return reply.code(200).send(answer);
    },
  );
}
