import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { auditMoney } from './money-audit.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'money-audit-'));
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
  return auditMoney(journal);
}

test('a journal in order has nothing against it: one transfer that is over, and one that is under way', async () => {
  const { wrong, moves } = await audit(withdraw(100, 900), deposit(100, 600), withdraw(50, 850, 'transfer-2/withdraw'));
  expect(wrong).toEqual([]);
  expect([...moves]).toEqual([
    ['1', ['withdraw', 'deposit']],
    ['2', ['withdraw']],
  ]);
});

test.each<readonly [string, readonly Entry[], string]>([
  [
    'a step that moved money twice',
    [withdraw(100, 900), withdraw(100, 800), deposit(100, 600)],
    'has moved money twice',
  ],
  [
    'a transfer that was deposited and given back',
    [withdraw(100, 900), deposit(100, 600), deposit(100, 1_000, 'transfer-1/refund', 'A')],
    'transfer 1 has moved withdraw, deposit, refund',
  ],
  ['a deposit that nobody has withdrawn', [deposit(100, 600)], 'transfer 1 has moved deposit'],
  ['money that is lost on the way', [withdraw(100, 900), deposit(90, 590)], '10 cents are lost'],
  ['money that is made on the way', [withdraw(100, 900), deposit(110, 610)], '-10 cents are lost'],
])('%s is told', async (_, entries, sentence) => {
  const { wrong } = await audit(...entries);
  expect(wrong.join('\n')).toContain(sentence);
});

test.each<readonly [string, Entry]>([
  ['a balance that is not the sum', withdraw(100, 950)],
  ['an account below zero', withdraw(1_100, -100)],
  ['an account that was never opened', deposit(1, 1, 'transfer-1/deposit', 'C')],
])('a journal with %s does not add up', async (_, entry) => {
  await expect(audit(entry)).rejects.toThrow('line 3 does not add up');
});
