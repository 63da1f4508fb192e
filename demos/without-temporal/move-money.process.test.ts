import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type AccountApiUnderTest, startAccountApi } from '../../src/services/account-api/account-api.fixture.ts';
import type { AccountPoint } from '../../src/services/faults/account-points.ts';
import { ACCOUNT_PRESETS } from '../../src/services/faults/account-presets.ts';
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

async function run(program: string, ...args: readonly string[]) {
  const child = spawn(process.execPath, ['scripts/run.mjs', `demos/without-temporal/${program}-main.ts`, ...args], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ACCOUNT_API_URL: url, DATABASE_DIR: api.databaseDir },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += chunk));
  const [exitCode] = await once(child, 'close');
  return { exitCode, lines: text.trim().split('\n') };
}

/** With this seed a probability of one half strikes as the test's name tells. */
const half = (point: AccountPoint, kind: 'error-500' | 'connection-reset', seed: number) =>
  faults.choose({ seed, rules: [{ point, kind, probability: 0.5 }] });

describe('npm run move-money', () => {
  it('tells its steps and what the accounts hold at the end', async () => {
    expect(await run('move-money', 'account_A', 'account_B', '100')).toEqual({
      exitCode: 0,
      lines: [
        'balance of account_A: 1000',
        'balance of account_B: 500',
        'withdrew 100 from account_A: 1000 → 900',
        'deposited 100 at account_B: 500 → 600',
        'at the end account_A holds 900',
        'at the end account_B holds 600',
      ],
    });
  });

  it('leaves the money half moved when the deposit fails', async () => {
    half('account.before-commit', 'error-500', 137);
    const { exitCode, lines } = await run('move-money', 'account_A', 'account_B', '100');
    expect(exitCode).toBe(1);
    expect(lines.join('\n')).toMatch(/failed: POST .*account_B\/deposit responded with 500 INTERNAL_ERROR/);
    expect(lines.slice(-2)).toEqual(['at the end account_A holds 900', 'at the end account_B holds 500']);
  });
});

describe('npm run move-money-retries', () => {
  it('tries again, and tells each attempt that failed', async () => {
    half('account.before-commit', 'error-500', 137);
    const { exitCode, lines } = await run('move-money-retries', 'account_A', 'account_B', '100');
    expect(lines.join('\n')).toMatch(
      /deposit at account_B, attempt 1 \(\S+\/1\): status 500 INTERNAL_ERROR; again in \d+ ms/,
    );
    expect(exitCode).toBe(0);
    expect(lines.slice(-2)).toEqual(['at the end account_A holds 900', 'at the end account_B holds 600']);
  });

  it('takes the money twice when the first answer is lost after the commit', async () => {
    half('account.after-commit', 'connection-reset', 18);
    const { exitCode, lines } = await run('move-money-retries', 'account_A', 'account_B', '100');
    expect(exitCode).toBe(0);
    expect(lines.slice(-2)).toEqual(['at the end account_A holds 800', 'at the end account_B holds 600']);
  });

  it('takes it once with an id, also when the command is given again, and refuses another amount under the id', async () => {
    half('account.after-commit', 'connection-reset', 18);
    const words = ['account_A', 'account_B', '100', '--id', 'rent-5'];
    const first = await run('move-money-retries', ...words);
    expect(first.exitCode).toBe(0);
    expect(first.lines.slice(-2)).toEqual(['at the end account_A holds 900', 'at the end account_B holds 600']);
    const again = await run('move-money-retries', ...words);
    expect(again.exitCode).toBe(0);
    expect(again.lines.slice(-2)).toEqual(first.lines.slice(-2));
    expect(again.lines.find((line) => line.startsWith('rent-5'))).toBe(
      first.lines.find((line) => line.startsWith('rent-5')),
    );
    const other = await run('move-money-retries', 'account_A', 'account_B', '7', '--id', 'rent-5');
    expect(other.exitCode).toBe(1);
    expect(other.lines.join('\n')).toContain('failed: the idempotency key rent-5 was used with another payload');
  });

  it('says that it does not know how far an earlier run under the id came', async () => {
    faults.choose({ seed: 1, rules: [{ point: 'account.deposit.reject', kind: 'error-4xx', probability: 1 }] });
    const words = ['account_A', 'account_B', '100', '--id', 'rent-6'];
    expect((await run('move-money-retries', ...words)).exitCode).toBe(1);
    faults.choose({ seed: 1, preset: 'calm' });
    const { exitCode, lines } = await run('move-money-retries', ...words);
    expect(exitCode).toBe(1);
    expect(lines.join('\n')).toContain('failed: whether rent-6 had its effect is not known');
    expect(lines.slice(-2)).toEqual(['at the end account_A holds 900', 'at the end account_B holds 500']);
  });

  it('keeps an id free under which nothing was moved, and refuses one that is none', async () => {
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

  it('does not try again what is refused for good', async () => {
    const { exitCode, lines } = await run('move-money-retries', 'account_A', 'account_B', '5000');
    expect(exitCode).toBe(1);
    expect(lines.join('\n')).toMatch(/attempt 1 .*status 400 INSUFFICIENT_FUNDS; gives up/);
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
