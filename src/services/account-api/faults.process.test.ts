import http from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import { waitUntil } from '../../platform/processes/wait-until.ts';
import { type AccountApiUnderTest, startAccountApi, statusAndCode } from './account-api.fixture.ts';

let api: AccountApiUnderTest;
afterEach(() => api.stop());

/** Sends a withdrawal of 1 over a real connection. Resolves with the status or the error code. */
async function withdrawOverHttp(): Promise<string> {
  const address = await api.app.listen({ host: '127.0.0.1', port: 0 });
  const headers = { 'content-type': 'application/json' };
  const request = http.request(`${address}/accounts/account_A/withdraw`, { method: 'POST', headers, agent: false });
  return new Promise<string>((resolve) => {
    request.on('response', (response) => response.resume().on('end', () => resolve(String(response.statusCode))));
    request.on('error', (error) => resolve('code' in error ? String(error.code) : error.message));
    request.end('{"amount":1}');
  });
}

describe('a fault of the account API', () => {
  it.each([
    ['error-500', 500, 'INTERNAL_ERROR'],
    ['error-429', 429, 'TOO_MANY_REQUESTS'],
    ['error-4xx', 422, 'PAYMENT_DECLINED'],
    ['disk-full', 507, 'DISK_FULL'],
    ['too-many-files', 503, 'TOO_MANY_FILES'],
  ] as const)(
    '%s responds %d, without effect before the commit and with it after the commit',
    async (kind, status, code) => {
      api = await startAccountApi();
      for (const [point, left] of [
        ['account.before-commit', 1000],
        ['account.after-commit', 999],
      ] as const) {
        api.fault({ point, kind });
        expect(statusAndCode(await api.withdraw('account_A', 1, point))).toEqual([status, code]);
        api.fault();
        expect(await api.balance('account_A')).toBe(left);
      }
      expect((await api.withdraw('account_A', 1, 'account.after-commit')).json().new_balance).toBe(999);
      expect((await api.withdraw('account_A', 1, 'account.before-commit')).json().new_balance).toBe(998);
    },
  );

  it.each([
    ['account.before-commit', 1000],
    ['account.after-commit', 999],
  ] as const)('resets the connection at %s', async (point, left) => {
    api = await startAccountApi();
    api.fault({ point, kind: 'connection-reset' });
    expect(await withdrawOverHttp()).toBe('ECONNRESET');
    api.fault();
    expect(await api.balance('account_A')).toBe(left);
  });

  it('spoils the response after the commit, with the real numbers in it, and gives the real response later', async () => {
    api = await startAccountApi();
    api.fault({ point: 'account.after-commit', kind: 'malformed-json' });
    const spoilt = await api.withdraw('account_A', '0.1', 'key-1');
    expect(spoilt.statusCode).toBe(200);
    expect(() => spoilt.json()).toThrow(SyntaxError);
    expect(spoilt.body).toMatch(/previous_balance"?:1000/);
    api.fault();
    expect((await api.withdraw('account_A', '0.1', 'key-1')).json().new_balance).toBe(999.9);
  });

  it('is also injected into reads, but only before the commit', async () => {
    api = await startAccountApi();
    api.fault({ point: 'account.before-commit', kind: 'error-500' });
    for (const url of ['/accounts', '/accounts/account_A']) expect((await api.get(url)).statusCode).toBe(500);
    api.fault({ point: 'account.before-commit', kind: 'malformed-json' });
    const spoilt = await api.get('/accounts/account_A');
    expect(spoilt.statusCode).toBe(200);
    expect(() => spoilt.json()).toThrow(SyntaxError);
    api.fault({ point: 'account.after-commit', kind: 'error-500' });
    for (const url of ['/accounts', '/accounts/account_A']) expect((await api.get(url)).statusCode).toBe(200);
  });

  it('can lose a refusal after the commit, which stays the outcome of its key', async () => {
    api = await startAccountApi();
    api.fault({ point: 'account.after-commit', kind: 'error-500' });
    expect((await api.withdraw('account_A', 2000, 'key-1')).statusCode).toBe(500);
    api.fault();
    await api.deposit('account_A', 1000);
    const response = await api.withdraw('account_A', 2000, 'key-1');
    expect(response.json()).toMatchObject({ code: 'INSUFFICIENT_FUNDS', current_balance: 1000 });
  });

  it('can definitely reject deposits, forever under their key, but never withdrawals', async () => {
    api = await startAccountApi();
    api.fault({ point: 'account.deposit.reject', kind: 'error-4xx' });
    expect((await api.withdraw('account_A', 1, 'key-1')).statusCode).toBe(200);
    expect(statusAndCode(await api.deposit('account_B', 1, 'key-2'))).toEqual([422, 'DEPOSIT_REJECTED']);
    expect((await api.deposit('account_A', 1, 'key-1')).json().code).toBe('IDEMPOTENCY_KEY_REUSED');
    expect(statusAndCode(await api.deposit('nobody', 1))).toEqual([404, 'ACCOUNT_NOT_FOUND']);
    api.fault();
    expect(statusAndCode(await api.deposit('account_B', 1, 'key-2'))).toEqual([422, 'DEPOSIT_REJECTED']);
    expect(await api.balance('account_B')).toBe(500);
    expect((await api.deposit('account_B', 1, 'key-3')).statusCode).toBe(200);
  });

  it('never rejects a deposit that reverses a withdrawal, but does reject one that only claims to', async () => {
    api = await startAccountApi();
    api.fault({ point: 'account.deposit.reject', kind: 'error-4xx' });
    await api.withdraw('account_A', 10, 'taken');
    const giveBack = (account: string, amount: number, reverses: string) =>
      api.postText(`/accounts/${account}/deposit`, `{"amount":${amount}}`, { reverses });
    for (const [account, amount, reverses] of [
      ['account_B', 10, 'taken'],
      ['account_A', 11, 'taken'],
      ['account_A', 10, 'never taken'],
    ] as const) {
      expect(statusAndCode(await giveBack(account, amount, reverses))).toEqual([422, 'DEPOSIT_REJECTED']);
    }
    expect((await giveBack('account_A', 10, 'taken')).statusCode).toBe(200);
    expect(await api.balance('account_A')).toBe(1000);
  });

  it('of kind timeout responds 504 after its delay, without effect before the commit', async () => {
    api = await startAccountApi();
    api.fault({ point: 'account.before-commit', kind: 'timeout', delayMs: 20 });
    expect(statusAndCode(await api.withdraw('account_A', 1))).toEqual([504, 'GATEWAY_TIMEOUT']);
    expect(statusAndCode(await api.get('/accounts/account_A'))).toEqual([504, 'GATEWAY_TIMEOUT']);
    api.fault();
    expect(await api.balance('account_A')).toBe(1000);
  });

  it.each([{}, { delayMs: 60_000 }])('of kind timeout %o does not hold up a stop', async (delay) => {
    api = await startAccountApi();
    api.fault({ point: 'account.after-commit', kind: 'timeout', ...delay });
    const outcome = withdrawOverHttp();
    await waitUntil(async () => (await api.balance('account_A')) === 999, { what: 'the commit', timeoutMs: 60_000 });
    await api.app.close();
    expect(await outcome).toBe('ECONNRESET');
  });

  it('affects neither the operator’s routes nor the documentation', async () => {
    api = await startAccountApi();
    api.fault(
      { point: 'account.before-commit', kind: 'error-500' },
      { point: 'account.after-commit', kind: 'error-500' },
    );
    for (const url of ['/health', '/faults', '/openapi.json', '/docs']) {
      expect((await api.get(url)).statusCode).toBe(200);
    }
    expect((await api.app.inject({ method: 'POST', url: '/reset' })).statusCode).toBe(200);
  });

  it('depends on the key if there is one, otherwise on method and account', async () => {
    api = await startAccountApi();
    // Faults that respond, so that nothing has to be waited for.
    const rules = (['account.before-commit', 'account.after-commit'] as const).flatMap((point) =>
      (['error-500', 'error-429'] as const).map((kind) => ({ point, kind, probability: 0.3 })),
    );
    const outcomes = async (send: (call: number) => Promise<{ statusCode: number }>) => {
      await api.app.inject({ method: 'PUT', url: '/faults', payload: { seed: 3, rules } });
      const statuses: number[] = [];
      for (let call = 0; call < 12; call += 1) statuses.push((await send(call)).statusCode);
      expect(new Set(statuses).size).toBeGreaterThan(1);
      return statuses;
    };
    const get = (account: string) => () => api.get(`/accounts/${account}`);
    expect(await outcomes(get('account_A'))).toEqual(await outcomes(get('account_A')));
    expect(await outcomes(get('account_A'))).not.toEqual(await outcomes(get('account_B')));
    const withdraw = (prefix: string) => (call: number) => api.withdraw('account_A', 1, `${prefix}-${call % 3}`);
    expect(await outcomes(withdraw('a'))).not.toEqual(await outcomes(withdraw('b')));
  });

  it('can be changed to the workshop’s while the API is running', async () => {
    api = await startAccountApi();
    const put = (payload: object) => api.app.inject({ method: 'PUT', url: '/faults', payload });
    expect((await put({ seed: 1, preset: 'workshop' })).json()).toMatchObject({ seed: 1, preset: 'workshop' });
    expect((await put({ seed: 1, preset: 'wild' })).json().error).toContain('calm, rare');
    const rules = [{ point: 'account.deposit.reject', kind: 'error-500', probability: 1 }];
    expect(statusAndCode(await put({ seed: 1, rules }))).toEqual([400, 'INVALID_REQUEST']);
  });
});
