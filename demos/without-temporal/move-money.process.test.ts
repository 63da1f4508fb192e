import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rename } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { freePort } from '../../src/platform/processes/free-port.ts';
import { MINIMAL_ENVIRONMENT } from '../../src/platform/processes/minimal-environment.ts';
import { type AccountApiUnderTest, startAccountApi } from '../../src/services/account-api/account-api.fixture.ts';
import { ACCOUNT_PRESETS, type AccountPoint } from '../../src/services/faults/account-faults.ts';
import { createFaultPlan, type FaultPlan } from '../../src/services/faults/fault-plan.ts';

let api: AccountApiUnderTest;
let faults: FaultPlan<AccountPoint>;
let url: string;
beforeAll(async () => {
  faults = createFaultPlan(ACCOUNT_PRESETS, { seed: 1, preset: 'calm' });
  api = await startAccountApi({ faultPlan: faults });
  url = await api.app.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(() => api.stop());
beforeEach(async () => {
  faults.choose({ seed: 1, preset: 'calm' });
  await fetch(`${url}/reset`, { method: 'POST' });
});

const run = (program: string, ...args: readonly string[]) => runAgainst(url, program, ...args);

async function runAgainst(accountApiUrl: string, program: string, ...args: readonly string[]) {
  const child = spawn(process.execPath, ['scripts/run.mjs', `demos/without-temporal/${program}-main.ts`, ...args], {
    env: { ...MINIMAL_ENVIRONMENT, ACCOUNT_API_URL: accountApiUrl, DATABASE_DIR: api.databaseDir },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += chunk));
  const [exitCode] = await once(child, 'close');
  return { exitCode, lines: text.trim().split('\n') };
}

/** Injects a fault into half of the calls; the seed chooses which. */
const failHalf = (point: AccountPoint, kind: 'error-500' | 'connection-reset', seed: number) =>
  faults.choose({ seed, rules: [{ point, kind, probability: 0.5 }] });

describe('npm run move-money', () => {
  it('prints its steps and the final balances', async () => {
    expect(await run('move-money', 'account_A', 'account_B', '100')).toEqual({
      exitCode: 0,
      lines: [
        'balance of account_A: 1000',
        'balance of account_B: 500',
        'withdrew 100 from account_A: 1000 → 900',
        'deposited 100 into account_B: 500 → 600',
        'final balance of account_A: 900',
        'final balance of account_B: 600',
      ],
    });
  });

  it('says at once, and nothing else, that no account API listens', async () => {
    const missing = `http://127.0.0.1:${await freePort()}`;
    const ends = await Promise.all(
      ['move-money', 'move-money-retries'].map((program) =>
        runAgainst(missing, program, 'account_A', 'account_B', '1'),
      ),
    );
    const lines = [`no account API listens at ${missing}: start it (npm run account-api) or set ACCOUNT_API_URL`];
    expect(ends).toEqual([
      { exitCode: 1, lines },
      { exitCode: 1, lines },
    ]);
  });

  it('leaves the money half moved when the deposit fails', async () => {
    failHalf('account.before-commit', 'error-500', 137);
    const { exitCode, lines } = await run('move-money', 'account_A', 'account_B', '100');
    expect(exitCode).toBe(1);
    expect(lines.join('\n')).toMatch(/failed: POST .*account_B\/deposit responded with 500 INTERNAL_ERROR/);
    expect(lines.slice(-2)).toEqual(['final balance of account_A: 900', 'final balance of account_B: 500']);
  });
});

describe('npm run move-money-retries', () => {
  it('retries, and prints each failed attempt', async () => {
    failHalf('account.before-commit', 'error-500', 137);
    const { exitCode, lines } = await run('move-money-retries', 'account_A', 'account_B', '100');
    expect(lines.join('\n')).toMatch(
      /deposit into account_B, attempt 1 \(\S+\/1\): status 500 INTERNAL_ERROR; retrying in \d+ ms/,
    );
    expect(exitCode).toBe(0);
    expect(lines.slice(-2)).toEqual(['final balance of account_A: 900', 'final balance of account_B: 600']);
  });

  it('withdraws the money twice if the first response is lost after the commit', async () => {
    failHalf('account.after-commit', 'connection-reset', 18);
    const { exitCode, lines } = await run('move-money-retries', 'account_A', 'account_B', '100');
    expect(exitCode).toBe(0);
    expect(lines.slice(-2)).toEqual(['final balance of account_A: 800', 'final balance of account_B: 600']);
  });

  it('withdraws it once with an id, also if the command is repeated, and refuses another amount with the same id', async () => {
    failHalf('account.after-commit', 'connection-reset', 18);
    const words = ['account_A', 'account_B', '100', '--id', 'rent-5'];
    const first = await run('move-money-retries', ...words);
    expect(first.exitCode).toBe(0);
    expect(first.lines.slice(-2)).toEqual(['final balance of account_A: 900', 'final balance of account_B: 600']);
    const again = await run('move-money-retries', ...words);
    expect(again.exitCode).toBe(0);
    expect(again.lines.slice(-2)).toEqual(first.lines.slice(-2));
    expect(again.lines.find((line) => line.startsWith('rent-5'))).toBe(
      first.lines.find((line) => line.startsWith('rent-5')),
    );
    const other = await run('move-money-retries', 'account_A', 'account_B', '7', '--id', 'rent-5');
    expect(other.exitCode).toBe(1);
    expect(other.lines.join('\n')).toContain('failed: the idempotency key rent-5 was used with a different payload');
  });

  it('says that the outcome of an earlier run with the same id is unknown', async () => {
    faults.choose({ seed: 1, rules: [{ point: 'account.deposit.reject', kind: 'error-4xx', probability: 1 }] });
    const words = ['account_A', 'account_B', '100', '--id', 'rent-6'];
    expect((await run('move-money-retries', ...words)).exitCode).toBe(1);
    faults.choose({ seed: 1, preset: 'calm' });
    const { exitCode, lines } = await run('move-money-retries', ...words);
    expect(exitCode).toBe(1);
    expect(lines.join('\n')).toContain('failed: the outcome of rent-6 is unknown');
    expect(lines.slice(-2)).toEqual(['final balance of account_A: 900', 'final balance of account_B: 500']);
  });

  it('moves nothing if the records of earlier ids are missing, because the id may be one of them', async () => {
    const words = ['account_A', 'account_B', '100', '--id', 'rent-9'];
    expect((await run('move-money-retries', ...words)).exitCode).toBe(0);
    const records = path.join(api.databaseDir, 'move-money');
    await rename(records, `${records}-away`);
    const { exitCode, lines } = await run('move-money-retries', ...words);
    await rename(`${records}-away`, records);
    expect(exitCode).toBe(1);
    expect(lines.join('\n')).toMatch(/move-money is missing, .*put it back/);
    expect(lines.slice(-2)).toEqual(['final balance of account_A: 900', 'final balance of account_B: 600']);
  });

  it('keeps an id free if nothing was moved, and refuses an invalid id', async () => {
    const words = ['account_A', 'account_B', '100', '--id', 'rent-8'];
    const poor = await run('move-money-retries', 'account_A', 'account_B', '5000', '--id', 'rent-8');
    expect(poor.lines.join('\n')).toContain('INSUFFICIENT_FUNDS');
    const typo = await run('move-money-retries', 'account_A', 'nobody', '100', '--id', 'rent-8');
    expect(typo.lines.join('\n')).toContain('ACCOUNT_NOT_FOUND');
    expect((await run('move-money-retries', ...words)).exitCode).toBe(0);
    const wrong = await run('move-money-retries', 'account_A', 'account_B', '100', '--id', '../x');
    expect(wrong.exitCode).toBe(2);
    expect(wrong.lines[0]).toContain('"../x" is not a valid transfer id');
  });

  it('does not retry a permanent refusal', async () => {
    const { exitCode, lines } = await run('move-money-retries', 'account_A', 'account_B', '5000');
    expect(exitCode).toBe(1);
    expect(lines.join('\n')).toMatch(/attempt 1 .*status 400 INSUFFICIENT_FUNDS; giving up/);
    expect(lines.join('\n')).not.toContain('attempt 2');
  });
});

it.each(['move-money', 'move-money-retries'])(
  '%s: wrong use exits with 2 and says what is allowed',
  async (program) => {
    const { exitCode, lines } = await run(program, 'account_A', 'account_B', 'much');
    expect(exitCode).toBe(2);
    expect(lines[0]).toBe(
      '"much" is not a valid amount (not a number): an amount is a positive number with at most two decimals, for example 100 or 99.90',
    );
  },
);
