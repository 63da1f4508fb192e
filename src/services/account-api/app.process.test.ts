import http from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import { type AccountApiUnderTest, startAccountApi, statusAndCode } from './account-api.fixture.ts';
import { auditJournal } from './journal-audit.ts';

let api: AccountApiUnderTest;
afterEach(() => api.stop());

describe('the account API', () => {
  it('shows the accounts with their opening balances', async () => {
    api = await startAccountApi();
    const account = await api.get('/accounts/account_A');
    expect([account.statusCode, account.body]).toEqual([200, '{"account_number":"account_A","balance":1000}']);
    expect((await api.get('/accounts')).json()).toEqual({
      accounts: [
        { account_number: 'account_A', balance: 1000 },
        { account_number: 'account_B', balance: 500 },
      ],
    });
  });

  it('responds to a withdrawal and a deposit with the balances before and after', async () => {
    api = await startAccountApi();
    const withdrawn = await api.withdraw('account_A', 100);
    expect(withdrawn.statusCode).toBe(200);
    expect(withdrawn.headers['content-type']).toContain('application/json');
    expect(withdrawn.json()).toEqual({
      account_number: 'account_A',
      previous_balance: 1000,
      amount_withdrawn: 100,
      new_balance: 900,
    });
    const deposited = await api.deposit('account_B', '99.90');
    expect(deposited.json()).toEqual({
      account_number: 'account_B',
      previous_balance: 500,
      amount_deposited: 99.9,
      new_balance: 599.9,
    });
    expect([await api.balance('account_A'), await api.balance('account_B')]).toEqual([900, 599.9]);
  });

  it('reads and writes amounts that are not binary fractions', async () => {
    api = await startAccountApi();
    const deposited = await api.deposit('account_B', '90071992546909.91');
    expect(deposited.body).toBe(
      '{"account_number":"account_B","previous_balance":500,"amount_deposited":90071992546909.91,' +
        '"new_balance":90071992547409.91}',
    );
    expect((await api.get('/accounts/account_B')).body).toContain('"balance":90071992547409.91}');
    for (let count = 0; count < 3; count += 1) await api.withdraw('account_A', '0.1');
    expect((await api.get('/accounts/account_A')).body).toContain('"balance":999.7}');
  });

  it.each([
    ['', 400, 'AMOUNT_REQUIRED', 'Amount is required'],
    ['{}', 400, 'AMOUNT_REQUIRED', 'Amount is required'],
    ['{"amount":null}', 400, 'AMOUNT_REQUIRED', 'Amount is required'],
    ['{"amount":0}', 400, 'AMOUNT_NOT_POSITIVE', 'Amount must be positive'],
    ['{"amount":-0.001}', 400, 'AMOUNT_NOT_POSITIVE', 'Amount must be positive'],
    ['{"amount":"100"}', 400, 'AMOUNT_INVALID', 'at most two decimals; got the text "100"'],
    ['{"amount":true}', 400, 'AMOUNT_INVALID', 'got true'],
    ['{"amount":[1]}', 400, 'AMOUNT_INVALID', 'got an array'],
    ['{"amount":{"amount":1}}', 400, 'AMOUNT_INVALID', 'got an object'],
    ['{"amount":1.001}', 400, 'AMOUNT_INVALID', 'got 1.001'],
    ['{"amount":90071992547409.92}', 400, 'AMOUNT_INVALID', 'from 0.01 to 90071992547409.91'],
    ['{"amount":1e999}', 400, 'AMOUNT_INVALID', 'got 1e999'],
    ['{"amount":NaN}', 400, 'INVALID_JSON', 'not valid JSON'],
    ['{"amount":1,"amount":1}', 400, 'INVALID_JSON', "Duplicate key 'amount'"],
    ['{"amount":1,"amount":1.0}', 400, 'INVALID_JSON', "Duplicate key 'amount'"],
    ['{"amount":"1","amount":"1"}', 400, 'INVALID_JSON', "Duplicate key 'amount'"],
    ['{"amount":1,"amount":2}', 400, 'INVALID_JSON', "Duplicate key 'amount'"],
    ['{"amount":1,"to":"account_B"}', 400, 'INVALID_REQUEST', 'unknown property "to"'],
    ['{"amount":1,"__proto__":{}}', 400, 'INVALID_REQUEST', 'unknown property "__proto__"'],
    ['[100]', 400, 'INVALID_REQUEST', 'must be an object'],
    ['100', 400, 'INVALID_REQUEST', 'must be an object'],
  ])('refuses the body %s with %d %s and changes nothing', async (body, status, code, message) => {
    api = await startAccountApi();
    const before = await api.journal();
    for (const operation of ['withdraw', 'deposit']) {
      const url = `/accounts/account_A/${operation}`;
      const response = await api.postText(url, body, { 'idempotency-key': 'key-1' });
      expect(statusAndCode(response)).toEqual([status, code]);
      expect(response.json().error).toContain(message);
    }
    expect(await api.journal()).toBe(before);
    expect((await api.withdraw('account_A', 1, 'key-1')).statusCode).toBe(200);
  });

  it('refuses a body that is nested too deeply', async () => {
    api = await startAccountApi();
    const response = await api.postText('/accounts/account_A/withdraw', '['.repeat(60_000));
    expect(statusAndCode(response)).toEqual([400, 'INVALID_JSON']);
  });

  it('refuses a POST without a body', async () => {
    api = await startAccountApi();
    const response = await api.app.inject({ method: 'POST', url: '/accounts/account_A/deposit' });
    expect([response.statusCode, response.json().error]).toEqual([400, 'Amount is required']);
  });

  it('refuses an unknown account, after checking the amount', async () => {
    api = await startAccountApi();
    expect((await api.get('/accounts/nobody')).json()).toEqual({
      error: 'Account not found',
      code: 'ACCOUNT_NOT_FOUND',
    });
    expect(statusAndCode(await api.get('/accounts/account%20A'))).toEqual([404, 'ACCOUNT_NOT_FOUND']);
    expect(statusAndCode(await api.get('/accounts/constructor'))).toEqual([404, 'ACCOUNT_NOT_FOUND']);
    expect(statusAndCode(await api.withdraw('nobody', 1))).toEqual([404, 'ACCOUNT_NOT_FOUND']);
    expect(statusAndCode(await api.deposit('nobody', 1))).toEqual([404, 'ACCOUNT_NOT_FOUND']);
    expect(statusAndCode(await api.deposit('nobody', 0))).toEqual([400, 'AMOUNT_NOT_POSITIVE']);
  });

  it('refuses a withdrawal above the balance, naming both amounts, and allows one of the whole balance', async () => {
    api = await startAccountApi();
    const refused = await api.withdraw('account_A', '1000.01');
    expect(refused.statusCode).toBe(400);
    expect(refused.body).toBe(
      '{"error":"Insufficient funds","code":"INSUFFICIENT_FUNDS","current_balance":1000,"requested_amount":1000.01}',
    );
    expect((await api.withdraw('account_A', 1000)).json().new_balance).toBe(0);
    expect(await api.balance('account_A')).toBe(0);
  });

  it('refuses a deposit whose balance would no longer be exact', async () => {
    api = await startAccountApi();
    expect(statusAndCode(await api.deposit('account_A', '90071992546409.92'))).toEqual([422, 'BALANCE_TOO_LARGE']);
    expect((await api.deposit('account_A', '90071992546409.91')).statusCode).toBe(200);
  });

  it('leaves exactly 800 after 200 withdrawals of 1 on 10 connections', async () => {
    api = await startAccountApi();
    const address = await api.app.listen({ host: '127.0.0.1', port: 0 });
    const agent = new http.Agent({ keepAlive: true, maxSockets: 10 });
    const withdrawOne = () =>
      new Promise<number>((resolve, reject) => {
        const headers = { 'content-type': 'application/json' };
        const request = http.request(`${address}/accounts/account_A/withdraw`, { method: 'POST', agent, headers });
        request.on('response', (response) => response.resume().on('end', () => resolve(response.statusCode ?? 0)));
        request.on('error', reject);
        request.end('{"amount":1}');
      });
    const statuses = await Promise.all(Array.from({ length: 200 }, withdrawOne));
    agent.destroy();
    expect(statuses.filter((status) => status === 200)).toHaveLength(200);
    expect(await api.balance('account_A')).toBe(800);
    expect(auditJournal(await api.journal()).balancesCents).toEqual({ account_A: 80_000, account_B: 50_000 });
  });

  it.each([
    ['GET', '/nothing', 404, 'NOT_FOUND'],
    ['GET', '/accounts?more=1', 400, 'INVALID_REQUEST'],
    ['DELETE', '/accounts/account_A', 405, 'METHOD_NOT_ALLOWED'],
    ['GET', '/accounts/account_A/withdraw', 405, 'METHOD_NOT_ALLOWED'],
  ] as const)('responds to %s %s with %d in the form of all errors', async (method, url, status, code) => {
    api = await startAccountApi();
    const response = await api.app.inject({ method, url });
    expect(response.json()).toEqual({ error: expect.any(String), code });
    expect(response.statusCode).toBe(status);
  });

  it('reports that it is healthy and documents all of its routes', async () => {
    api = await startAccountApi();
    expect((await api.get('/health')).json()).toEqual({ status: 'healthy' });
    expect((await api.get('/docs')).statusCode).toBe(200);
    const { paths } = (await api.get('/openapi.json')).json();
    expect(Object.keys(paths).sort()).toEqual([
      '/accounts',
      '/accounts/{account}',
      '/accounts/{account}/deposit',
      '/accounts/{account}/withdraw',
      '/faults',
      '/health',
      '/reset',
    ]);
    const { schema } = paths['/accounts/{account}/withdraw'].post.requestBody.content['application/json'];
    expect(schema).toMatchObject({
      required: ['amount'],
      properties: { amount: { type: 'number', exclusiveMinimum: 0, maximum: 90_071_992_547_409.91, multipleOf: 0.01 } },
      additionalProperties: false,
    });
  });
});
