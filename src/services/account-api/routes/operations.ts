import { requestHeaders } from '../../../contracts/http.ts';
import type { Server } from '../../http/create-server.ts';
import { NoQuery } from '../../http/route-schemas.ts';
import { DepositResponse, depositResponse, WithdrawResponse, withdrawResponse } from '../account-responses.ts';
import type { AccountService } from '../account-service.ts';
import type { OperationRequest } from '../decide-operation.ts';
import type { MoveRecord } from '../journal-records.ts';
import { readAmount } from '../read-amount.ts';
import { refusalOf } from '../refusals.ts';
import { AccountParams, AmountBody, DepositHeaders, OperationHeaders, operationResponses } from '../route-schemas.ts';

const operation = { tags: ['accounts'], params: AccountParams, querystring: NoQuery };

/** `POST /accounts/:account/withdraw`, `POST /accounts/:account/deposit` */
export function addOperationRoutes(app: Server, service: AccountService): void {
  app.post(
    '/accounts/:account/withdraw',
    {
      schema: {
        ...operation,
        summary: 'Withdraw money from an account',
        headers: OperationHeaders,
        documentedBody: AmountBody,
        response: operationResponses(WithdrawResponse),
      },
    },
    async ({ id, params, headers: { [requestHeaders.idempotencyKey]: key }, body }, reply) => {
      const request = { operation: 'withdraw' as const, ...params, amountCents: readAmount(body), requestId: id };
      return reply.code(200).send(withdrawResponse(await operate(service, withKey(request, key))));
    },
  );

  app.post(
    '/accounts/:account/deposit',
    {
      schema: {
        ...operation,
        summary: 'Deposit money into an account',
        headers: DepositHeaders,
        documentedBody: AmountBody,
        response: operationResponses(DepositResponse),
      },
    },
    async (
      { id, params, headers: { [requestHeaders.idempotencyKey]: key, [requestHeaders.reverses]: reverses }, body },
      reply,
    ) => {
      const deposit = { operation: 'deposit' as const, ...params, amountCents: readAmount(body), requestId: id };
      const request = reverses === undefined ? deposit : { ...deposit, reverses };
      return reply.code(200).send(depositResponse(await operate(service, withKey(request, key))));
    },
  );
}

function withKey(request: OperationRequest, key: string | undefined): OperationRequest {
  return key === undefined ? request : { ...request, key };
}

/** @throws HttpProblem if the operation is refused */
async function operate(service: AccountService, request: OperationRequest): Promise<MoveRecord> {
  const outcome = await service.operate(request);
  if (outcome.kind === 'refusal') throw refusalOf(outcome);
  return outcome;
}
