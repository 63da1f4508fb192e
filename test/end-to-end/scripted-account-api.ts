import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export type Operation = 'balance' | 'withdraw' | 'deposit';

export interface AccountResponse {
  readonly status: number;
  readonly body: unknown;
}

/** One call as a script sees it. */
export interface AccountCall {
  readonly operation: Operation;
  readonly account: string;
  readonly amountCents: number;
  readonly key: string | undefined;
  readonly reverses: string | undefined;
  /** Does what a well-behaved account API would do now, and gives its answer without sending it. */
  act(): AccountResponse;
  send(answer: AccountResponse): void;
  readonly socket: Socket;
}

export type AccountBehaviour = (call: AccountCall) => void | Promise<void>;

export type ScriptedAccountApi = Awaited<ReturnType<typeof startScriptedAccountApi>>;

/**
 * An account API that behaves well until a script makes a call of it misbehave: DESIGN's contract by an implementation
 * of its own, in memory. It records everything that it receives and everything that it moves.
 */
export async function startScriptedAccountApi(openingCents: Readonly<Record<string, number>>) {
  const balances = new Map(Object.entries(openingCents));
  const keys = new Map<string, { readonly what: string; readonly answer: AccountResponse }>();
  const received: Omit<AccountCall, 'act' | 'send' | 'socket'>[] = [];
  const moved: { readonly operation: Operation; readonly account: string; readonly amountCents: number }[] = [];
  const scripts = new Map<string, AccountBehaviour[]>();
  const sockets = new Set<Socket>();
  let stopped = false;

  const operate = (operation: Operation, account: string, amountCents: number): AccountResponse => {
    const previousCents = balances.get(account);
    if (previousCents === undefined) return refusal(404, 'ACCOUNT_NOT_FOUND');
    if (operation === 'balance')
      return { status: 200, body: { account_number: account, balance: previousCents / 100 } };
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

  /** The first answer of a key is its answer for ever. */
  const decide = (
    call: Pick<AccountCall, 'operation' | 'account' | 'amountCents' | 'key'>,
    first: () => AccountResponse,
  ) => {
    if (call.key === undefined) return first();
    const what = `${call.operation} ${call.account} ${call.amountCents}`;
    const known = keys.get(call.key);
    if (known !== undefined) return known.what === what ? known.answer : refusal(422, 'IDEMPOTENCY_KEY_REUSED');
    const answer = first();
    keys.set(call.key, { what, answer });
    return answer;
  };

  const serve = async (request: http.IncomingMessage, response: http.ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const [, , account = '', operation = 'balance'] = (request.url ?? '').split('/');
    const { amount = 0 } = chunks.length === 0 ? {} : JSON.parse(Buffer.concat(chunks).toString('utf8'));
    const { 'idempotency-key': key, reverses } = request.headers;
    const call = {
      operation: operation as Operation,
      account,
      amountCents: Math.round(amount * 100),
      key: typeof key === 'string' ? key : undefined,
      reverses: typeof reverses === 'string' ? reverses : undefined,
    };
    received.push(call);
    const behave: AccountBehaviour = ({ act, send }) => send(act());
    const behaviour = scripts.get(`${call.operation} ${account}`)?.shift() ?? behave;
    await behaviour({
      ...call,
      socket: request.socket,
      act: () => decide(call, () => operate(call.operation, account, call.amountCents)),
      send: ({ status, body }) => {
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(JSON.stringify(body));
      },
    });
  };

  const server = http.createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      if (!stopped) console.error('the script of the account API failed', error);
      request.socket.destroy();
    });
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A server that listens on a port has such an address.
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}`,
    balanceCents: (account: string) => balances.get(account),
    /** Calls with the keys of one workflow, in order. */
    calls: (workflowId: string) => received.filter(({ key }) => key?.startsWith(`${workflowId}/`)),
    /** What was really moved at these accounts. */
    moved: (...accounts: readonly string[]) => moved.filter(({ account }) => accounts.includes(account)),
    open: (account: string, cents: number) => void balances.set(account, cents),
    /** Sends the next calls of this operation at this account through these, one each; later ones are well served again. */
    script(operation: Operation, account: string, ...behaviours: readonly AccountBehaviour[]) {
      const name = `${operation} ${account}`;
      scripts.set(name, [...(scripts.get(name) ?? []), ...behaviours]);
    },
    /** The first answer of this call, for ever, is this refusal. */
    refusesForEver:
      (status: number, code: string): AccountBehaviour =>
      (call) =>
        call.send(decide(call, () => refusal(status, code))),
    async stop() {
      stopped = true;
      server.close();
      for (const socket of sockets) socket.destroy();
      if (sockets.size > 0) await once(server, 'close');
    },
  };
}

export function refusal(status: number, code: string): AccountResponse {
  return { status, body: { error: `refused: ${code}`, code } };
}

/** Answers so, and does nothing. */
export function answers(status: number, body: unknown): AccountBehaviour {
  return ({ send }) => send({ status, body });
}

/** Does what was asked for, and resets the connection instead of answering. */
export const losesItsAnswer: AccountBehaviour = ({ act, socket }) => {
  act();
  socket.resetAndDestroy();
};

/** Does nothing, and resets the connection. */
export const resetsFirst: AccountBehaviour = ({ socket }) => void socket.resetAndDestroy();

/** Does what was asked for, and answers something else. */
export function answersInstead(change: (body: Record<string, unknown>) => unknown): AccountBehaviour {
  return ({ act, send }) => {
    const { status, body } = act();
    send({ status, body: change(Object(body)) });
  };
}
