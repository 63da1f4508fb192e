import {
  type Behaviour,
  createScripts,
  refusal,
  respondsCorrectly,
  type ScriptedCall,
  type ScriptedResponse,
  startScriptedServer,
} from './scripted-server.ts';

type Operation = 'balance' | 'withdraw' | 'deposit';

export interface AccountRequest {
  readonly operation: Operation;
  readonly account: string;
  readonly amountCents: number;
  readonly key: string | undefined;
  readonly reverses: string | undefined;
}

export type AccountCall = AccountRequest & ScriptedCall;

export type AccountBehaviour = Behaviour<AccountCall>;

/**
 * An account API that works correctly, except for the calls that a test scripts. It implements the contract of the
 * design by itself, in memory, and records every request and every movement of money.
 */
export async function startScriptedAccountApi() {
  const balances = new Map<string, number>();
  const keys = new Map<string, { readonly operation: string; readonly response: ScriptedResponse }>();
  const received: AccountRequest[] = [];
  const moved: { readonly operation: Operation; readonly account: string; readonly amountCents: number }[] = [];
  const scripts = createScripts<AccountCall>();

  const operate = ({ operation, account, amountCents }: AccountRequest): ScriptedResponse => {
    const previousCents = balances.get(account);
    if (previousCents === undefined) return refusal(404, 'ACCOUNT_NOT_FOUND');
    if (operation === 'balance') {
      return { status: 200, body: { account_number: account, balance: previousCents / 100 } };
    }
    const newCents = operation === 'withdraw' ? previousCents - amountCents : previousCents + amountCents;
    if (newCents < 0) return refusal(400, 'INSUFFICIENT_FUNDS');
    balances.set(account, newCents);
    moved.push({ operation, account, amountCents });
    return {
      status: 200,
      body: {
        account_number: account,
        previous_balance: previousCents / 100,
        [operation === 'withdraw' ? 'amount_withdrawn' : 'amount_deposited']: amountCents / 100,
        new_balance: newCents / 100,
      },
    };
  };

  /** The first response to a key is the response to it from then on. */
  const respondOnce = (request: AccountRequest, first: (request: AccountRequest) => ScriptedResponse) => {
    if (request.key === undefined) return first(request);
    const operation = `${request.operation} ${request.account} ${request.amountCents}`;
    const known = keys.get(request.key);
    if (known !== undefined) {
      return known.operation === operation ? known.response : refusal(422, 'IDEMPOTENCY_KEY_REUSED');
    }
    const response = first(request);
    keys.set(request.key, { operation, response });
    return response;
  };

  const server = await startScriptedServer('account API', ({ path, headers, body, socket, send }) => {
    const [, , account = '', operation = 'balance'] = path.split('/');
    if (!isOperation(operation)) return send(refusal(404, 'NOT_FOUND'));
    const { amount = 0 } = body === '' ? {} : JSON.parse(body);
    const { 'idempotency-key': key, reverses } = headers;
    const request: AccountRequest = {
      operation,
      account,
      amountCents: Math.round(amount * 100),
      key: typeof key === 'string' ? key : undefined,
      reverses: typeof reverses === 'string' ? reverses : undefined,
    };
    received.push(request);
    const behaviour = scripts.next(`${operation} ${account}`) ?? respondsCorrectly;
    return behaviour({ ...request, socket, send, act: () => respondOnce(request, operate) });
  });

  return {
    url: server.url,
    stop: server.stop,
    balanceCents: (account: string) => balances.get(account),
    /** Requests with the keys of one workflow, in order. */
    calls: (workflowId: string) => received.filter(({ key }) => key?.startsWith(`${workflowId}/`)),
    /** The movements of money at these accounts. */
    moved: (...accounts: readonly string[]) => moved.filter(({ account }) => accounts.includes(account)),
    open: (account: string, cents: number) => void balances.set(account, cents),
    /** Uses each of these behaviours for one of the next calls of this operation at this account. */
    script: (operation: Operation, account: string, ...behaviours: readonly AccountBehaviour[]) =>
      scripts.add(`${operation} ${account}`, behaviours),
    /** Refuses a call, and with it every later call with the same key. */
    refusesForEver:
      (status: number, code: string): AccountBehaviour =>
      (call) =>
        call.send(respondOnce(call, () => refusal(status, code))),
  };
}

function isOperation(name: string): name is Operation {
  return name === 'balance' || name === 'withdraw' || name === 'deposit';
}
