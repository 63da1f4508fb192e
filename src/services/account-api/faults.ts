import { AsyncLocalStorage } from 'node:async_hooks';
import type { AccountPoint } from '../faults/account-faults.ts';
import type { DrawnFault, FaultInjection, SpoiltResponse } from '../faults/fault-injection.ts';
import { bodyOf } from '../http/http-problem.ts';
import type { AccountLedger } from './account-ledger.ts';
import { operationResponse } from './account-responses.ts';
import type { AccountService } from './account-service.ts';
import type { Accounts } from './accounts.ts';
import { type DecideOperation, type OperationRequest, refuse } from './decide-operation.ts';
import type { OutcomeRecord } from './journal-records.ts';
import { refusalOf } from './refusals.ts';

/** What is injected into one operation below the service. */
interface Call {
  readonly before: DrawnFault;
  readonly isRejected: boolean;
}

/**
 * Wraps the parts of the account API so that the faults of a plan are injected; the parts know nothing about faults.
 */
export function faultInterceptors(faults: FaultInjection<AccountPoint>) {
  const calls = new AsyncLocalStorage<Call>();
  return {
    service: (service: AccountService): AccountService => ({
      ...service,
      list: () => faults.around('account.before-commit', 'GET /accounts', 200, () => service.list()),
      get: (account) => faults.around('account.before-commit', `GET ${account}`, 200, () => service.get(account)),
      async operate(request) {
        const { operation, account, key } = request;
        const subject = key ?? `POST ${account}`;
        const before = faults.draw('account.before-commit', subject);
        const after = faults.draw('account.after-commit', subject);
        const isRejected =
          operation === 'deposit' && faults.draw('account.deposit.reject', subject).fault !== undefined;
        const isHit = before.fault !== undefined || isRejected;
        const operate = () => service.operate(request);
        // A storage that is in use slows down every promise, so a service without faults leaves it alone.
        const outcome = isHit ? await calls.run({ before, isRejected }, operate) : await operate();
        await after.inject(responseTo(outcome));
        after.injectOnDisk();
        return outcome;
      },
    }),
    ledger: (ledger: AccountLedger): AccountLedger => ({
      ...ledger,
      async operate(request) {
        const before = calls.getStore()?.before;
        await before?.inject();
        before?.injectOnDisk();
        return ledger.operate(request);
      },
    }),
    decide: (decide: DecideOperation) => rejectDeposits(decide, () => calls.getStore()?.isRejected === true),
  };
}

/**
 * Makes the account API definitely reject some deposits, but never one that returns money to the account it came from.
 */
export function rejectDeposits(
  decide: DecideOperation,
  isRejected: (request: OperationRequest) => boolean,
): DecideOperation {
  return (accounts, request, at) => {
    const decision = decide(accounts, request, at);
    const balanceCents = accounts.balancesCents.get(request.account);
    if (decision.kind !== 'new' || request.operation !== 'deposit' || balanceCents === undefined) return decision;
    if (!isRejected(request) || givesBack(request, accounts.outcomes)) return decision;
    return refuse(request, at, 'DEPOSIT_REJECTED', balanceCents);
  };
}

function givesBack({ account, amountCents, reverses }: OperationRequest, outcomes: Accounts['outcomes']): boolean {
  const withdrawal = reverses === undefined ? undefined : outcomes.get(reverses);
  return withdrawal?.kind === 'withdraw' && withdrawal.account === account && withdrawal.amountCents === amountCents;
}

function responseTo(outcome: OutcomeRecord): SpoiltResponse {
  if (outcome.kind !== 'refusal') return { status: 200, body: operationResponse(outcome) };
  const problem = refusalOf(outcome);
  return { status: problem.status, body: bodyOf(problem) };
}
