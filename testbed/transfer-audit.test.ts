import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { auditTransfers, changeText, stepsOf } from './transfer-audit.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'transfer-audit-'));
});
afterEach(() => rm(folder, { recursive: true }));

type Entry = { readonly kind: string; readonly account: string } & Readonly<Record<string, string | number>>;

const OPENED: readonly Entry[] = [
  { kind: 'open', account: 'A', newCents: 1_000 },
  { kind: 'open', account: 'B', newCents: 500 },
];
const withdraw = (amountCents: number, newCents: number, key = 'transfer-1/withdraw'): Entry => ({
  ...{ kind: 'withdraw', account: 'A', amountCents, newCents, key },
});
const deposit = (amountCents: number, newCents: number, key = 'transfer-1/deposit', account = 'B'): Entry => ({
  ...{ kind: 'deposit', account, amountCents, newCents, key },
});

async function audit(...entries: readonly Entry[]) {
  const journal = path.join(folder, 'journal.jsonl');
  await writeFile(journal, [...OPENED, ...entries].map((entry) => `${JSON.stringify(entry)}\n`).join(''));
  return auditTransfers(journal);
}

describe('the audit of transfers', () => {
  test('finds no problem in a journal with a finished transfer and one that is under way', async () => {
    const { problems, steps, halfMoved } = await audit(
      withdraw(100, 900),
      deposit(100, 600),
      withdraw(50, 850, 'transfer-2/withdraw'),
    );
    expect(problems).toEqual([]);
    expect([...steps]).toEqual([
      ['1', ['withdraw', 'deposit']],
      ['2', ['withdraw']],
    ]);
    expect(halfMoved).toBe(1);
  });

  test.each<readonly [string, readonly Entry[], string]>([
    [
      'a step that moved money twice',
      [withdraw(100, 900), withdraw(100, 800), deposit(100, 600)],
      'moved money more than once',
    ],
    [
      'a transfer that was both deposited and refunded',
      [withdraw(100, 900), deposit(100, 600), deposit(100, 1_000, 'transfer-1/refund', 'A')],
      'transfer 1 made the steps withdraw, deposit, refund',
    ],
    ['a deposit without a withdrawal', [deposit(100, 600)], 'transfer 1 made the steps deposit'],
    ['money that is lost on the way', [withdraw(100, 900), deposit(90, 590)], '10 cents are lost'],
    ['money that appears on the way', [withdraw(100, 900), deposit(110, 610)], '-10 cents are lost'],
  ])('reports %s', async (_, entries, problem) => {
    const { problems } = await audit(...entries);
    expect(problems.join('\n')).toContain(problem);
  });

  test.each<readonly [string, Entry]>([
    ['a balance is not the sum of its entries', withdraw(100, 950)],
    ['a balance is below zero', withdraw(1_100, -100)],
    ['an account was never opened', deposit(1, 1, 'transfer-1/deposit', 'C')],
  ])('fails when %s', async (_, entry) => {
    await expect(audit(entry)).rejects.toThrow('line 3 does not add up');
  });
});

test('a last line counts without its newline, and not without its closing brace', async () => {
  const journal = path.join(folder, 'journal.jsonl');
  const complete = [...OPENED, withdraw(100, 900), deposit(100, 600)].map((entry) => JSON.stringify(entry)).join('\n');
  await writeFile(journal, complete);
  expect(await auditTransfers(journal)).toMatchObject({ halfMoved: 0, lostCents: 0, problems: [] });
  await writeFile(journal, complete.slice(0, -1));
  expect(await auditTransfers(journal)).toMatchObject({ halfMoved: 1, lostCents: 100 });
});

test('the steps of a transfer have the balances before and after each of them, also between steps of other transfers', async () => {
  const journal = path.join(folder, 'journal.jsonl');
  const entries = [
    ...OPENED,
    withdraw(100, 900),
    withdraw(50, 850, 'transfer-2/withdraw'),
    deposit(100, 600),
    { kind: 'refusal', account: 'B', key: 'transfer-1/deposit' },
    deposit(50, 650, 'transfer-2/deposit'),
  ];
  await writeFile(journal, entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
  expect(await stepsOf(journal, '1')).toEqual([
    { account: 'A', before: 1_000, after: 900 },
    { account: 'B', before: 500, after: 600 },
  ]);
});

test('a change of balances says how much is missing', () => {
  const before = { A: 90_000, B: 60_000 };
  expect(changeText(before, { A: 80_000, B: 70_000 })).toBe('A 900 → 800, B 600 → 700');
  expect(changeText(before, { A: 80_000, B: 60_000 })).toBe('A 900 → 800, B 600: 100 missing');
  expect(changeText(before, { A: 80_000, B: 60_000 }, 'on the way')).toBe('A 900 → 800, B 600: 100 on the way');
});
