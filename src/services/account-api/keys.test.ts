import { afterEach, describe, expect, it } from '@jest/globals';
import { type AccountApiUnderTest, startAccountApi, statusAndCode } from './account-api.fixture.ts';
import { auditJournal } from './journal-audit.ts';

let api: AccountApiUnderTest;
afterEach(() => api.stop());

async function restart(): Promise<void> {
  await api.app.close();
  api = await startAccountApi({ databaseDir: api.databaseDir });
}

describe('an idempotency key', () => {
  it('gives the first response again, whatever has happened since, also after a restart', async () => {
    api = await startAccountApi();
    const first = await api.withdraw('account_A', 100, 'key-1');
    await api.withdraw('account_A', 50);
    for (const amount of ['100', '100.00', '1e2']) {
      const again = await api.withdraw('account_A', amount, 'key-1');
      expect([again.statusCode, again.body]).toEqual([200, first.body]);
    }
    await restart();
    const again = await api.withdraw('account_A', 100, 'key-1');
    expect([again.statusCode, again.body]).toEqual([200, first.body]);
    expect(await api.balance('account_A')).toBe(850);
  });

  it.each([
    ['ACCOUNT_NOT_FOUND', 404, () => api.deposit('nobody', 1, 'key-1')],
    ['INSUFFICIENT_FUNDS', 400, () => api.withdraw('account_A', 2000, 'key-1')],
    ['BALANCE_TOO_LARGE', 422, () => api.deposit('account_A', '90071992547409.91', 'key-1')],
  ])(
    'gives a refusal %s again, also after a restart, although the operation would now succeed',
    async (code, status, send) => {
      api = await startAccountApi();
      const first = await send();
      expect(statusAndCode(first)).toEqual([status, code]);
      await api.deposit('account_A', 5000);
      await api.withdraw('account_A', 1);
      expect((await send()).body).toBe(first.body);
      await restart();
      expect((await send()).body).toBe(first.body);
      expect(await api.balance('account_A')).toBe(5999);
    },
  );

  it('is needed for a refusal to be recorded', async () => {
    api = await startAccountApi();
    const before = await api.journal();
    expect((await api.withdraw('account_A', 2000)).statusCode).toBe(400);
    expect(await api.journal()).toBe(before);
    await api.deposit('account_A', 1000);
    expect((await api.withdraw('account_A', 2000)).statusCode).toBe(200);
  });

  it('is refused for another operation, account or amount, before the account is checked', async () => {
    api = await startAccountApi();
    await api.withdraw('account_A', 100, 'key-1');
    await restart();
    for (const other of [
      () => api.deposit('account_A', 100, 'key-1'),
      () => api.withdraw('account_B', 100, 'key-1'),
      () => api.withdraw('account_A', '100.01', 'key-1'),
      () => api.withdraw('nobody', 100, 'key-1'),
    ]) {
      expect(statusAndCode(await other())).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
    }
    expect(statusAndCode(await api.withdraw('account_A', 0, 'key-1'))).toEqual([400, 'AMOUNT_NOT_POSITIVE']);
    expect(await api.balance('account_A')).toBe(900);
  });

  it('is in flight until its first request has finished, and free again if that failed', async () => {
    let finish: (() => void) | undefined;
    api = await startAccountApi({ sleep: () => new Promise<void>((resolve) => (finish = resolve)) });
    api.fault({ point: 'account.before-commit', kind: 'delay' });
    const first = api.withdraw('account_A', 1, 'key-1');
    while (finish === undefined) await new Promise((resolve) => setImmediate(resolve));
    api.fault();
    expect(statusAndCode(await api.withdraw('account_A', 1, 'key-1'))).toEqual([409, 'IDEMPOTENCY_KEY_IN_FLIGHT']);
    expect((await api.withdraw('account_A', 1, 'key-2')).statusCode).toBe(200);
    finish();
    expect((await first).statusCode).toBe(200);
    api.fault({ point: 'account.before-commit', kind: 'error-500' });
    expect((await api.withdraw('account_A', 1, 'key-3')).statusCode).toBe(500);
    api.fault();
    expect((await api.withdraw('account_A', 1, 'key-3')).statusCode).toBe(200);
    expect(await api.balance('account_A')).toBe(997);
  });

  it('moves money once, however many requests use it at the same time', async () => {
    api = await startAccountApi();
    const responses = await Promise.all(Array.from({ length: 50 }, () => api.withdraw('account_A', 1, 'key-1')));
    const verdicts = new Set(responses.map((response) => statusAndCode(response).join(' ')));
    expect([...verdicts].filter((verdict) => !/^200|^409 IDEMPOTENCY_KEY_IN_FLIGHT/.test(verdict))).toEqual([]);
    expect(auditJournal(await api.journal()).moves).toEqual({ 'key-1': 1 });
  });

  it.each([
    ['has a space', 'a b'],
    ['is not ASCII', 'ä'],
    ['is empty', ''],
    ['is too long', 'x'.repeat(201)],
  ])('is refused when it %s', async (_, key) => {
    api = await startAccountApi();
    expect(statusAndCode(await api.withdraw('account_A', 1, key))).toEqual([400, 'INVALID_REQUEST']);
    expect(await api.balance('account_A')).toBe(1000);
  });
});
