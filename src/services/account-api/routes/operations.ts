import { headers } from '../../../contracts/http.ts';
import type { Server } from '../../http/create-server.ts';
import { bodyOf } from '../../http/error-handling.ts';
import { NoQuery } from '../../http/no-query.ts';
import { DepositResponse, depositResponse, WithdrawResponse, withdrawResponse } from '../account-responses.ts';
import type { OperationRequest } from '../decide-operation.ts';
import type { MoveRecord } from '../journal-records.ts';
import { readAmount } from '../read-amount.ts';
import { refusalOf } from '../refusals.ts';
import type { RouteContext } from '../route-context.ts';
import { AccountParams, AmountBody, DepositHeaders, OperationHeaders, operationResponses } from '../route-schemas.ts';

const described = { tags: ['accounts'], params: AccountParams, querystring: NoQuery };

/** `POST /accounts/:account/withdraw`, `POST /accounts/:account/deposit` */
export function addOperationRoutes(app: Server, context: RouteContext): void {
  app.post(
    '/accounts/:account/withdraw',
    {
      schema: {
        ...described,
        summary: 'Take money from an account',
        headers: OperationHeaders,
        body: AmountBody,
        response: operationResponses(WithdrawResponse),
      },
    },
    async ({ id, params, headers: { [headers.idempotencyKey]: key }, body }, reply) => {
      const request = { operation: 'withdraw' as const, ...params, amountCents: readAmount(body), requestId: id };
      return reply.code(200).send(await operate(context, withKey(request, key), withdrawResponse));
    },
  );

  app.post(
    '/accounts/:account/deposit',
    {
      schema: {
        ...described,
        summary: 'Put money into an account',
        headers: DepositHeaders,
        body: AmountBody,
        response: operationResponses(DepositResponse),
      },
    },
    async ({ id, params, headers: { [headers.idempotencyKey]: key, [headers.reverses]: reverses }, body }, reply) => {
      const deposit = { operation: 'deposit' as const, ...params, amountCents: readAmount(body), requestId: id };
      const request = reverses === undefined ? deposit : { ...deposit, reverses };
      return reply.code(200).send(await operate(context, withKey(request, key), depositResponse));
    },
  );
}

function withKey(request: OperationRequest, key: string | undefined): OperationRequest {
  return key === undefined ? request : { ...request, key };
}

/** @throws HttpProblem when the operation is refused */
async function operate<Answer extends object>(
  { ledger, faults, keysInFlight }: RouteContext,
  request: OperationRequest,
  responseOf: (move: MoveRecord) => Answer,
): Promise<Answer> {
  const { operation, account, key } = request;
  const subject = key ?? `POST ${account}`;
  const before = faults.draw('account.before-commit', subject);
  const after = faults.draw('account.after-commit', subject);
  const rejectDeposit = operation === 'deposit' && faults.draw('account.deposit.reject', subject).fault !== undefined;
  const work = async () => {
    await before.inject();
    before.injectOnDisk();
    return ledger.operate(request, { rejectDeposit });
  };
  const outcome = await (key === undefined ? work() : keysInFlight.during(key, work));
  if (outcome.kind === 'refusal') {
    const problem = refusalOf(outcome);
    await after.inject({ status: problem.status, body: bodyOf(problem) });
    after.injectOnDisk();
    throw problem;
  }
  const answer = responseOf(outcome);
  await after.inject({ status: 200, body: answer });
  after.injectOnDisk();
  return answer;
}
