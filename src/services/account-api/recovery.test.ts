import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { JournalDamagedError } from '../storage/journal-errors.ts';
import { openAccountLedger } from './account-ledger.ts';
import { auditJournal } from './journal-audit.ts';

/** A journal with every kind of line, as it is on disk. */
let whole: Buffer;
let databaseDir: string;
let path: string;

const open = async () => openAccountLedger({ databaseDir, now: Date.now });
const request = (operation: 'withdraw' | 'deposit', amountCents: number, key?: string) => ({
  operation,
  account: 'account_A',
  amountCents,
  requestId: 'run/3/1',
  ...(key === undefined ? {} : { key }),
});

beforeAll(async () => {
  databaseDir = await mkdtemp(join(tmpdir(), 'account-recovery-'));
  path = join(databaseDir, 'accounts', 'journal.jsonl');
  const { ledger } = await open();
  await ledger.operate(request('withdraw', 100), { rejectDeposit: false });
  await ledger.operate(request('deposit', 9_990, 'key-1'), { rejectDeposit: false });
  await ledger.operate(request('withdraw', 999_999, 'key-2'), { rejectDeposit: false });
  await ledger.operate(request('deposit', 1, 'key-3'), { rejectDeposit: true });
  await ledger.close();
  whole = await readFile(path);
});
afterAll(() => rm(databaseDir, { recursive: true }));

describe('the journal of the accounts', () => {
  it('cut at any byte opens with exactly the whole lines before the cut, and goes on', async () => {
    await mkdir(join(databaseDir, 'accounts'), { recursive: true });
    for (let lengthBytes = 0; lengthBytes <= whole.length; lengthBytes += 1) {
      const cut = whole.subarray(0, lengthBytes);
      await writeFile(path, cut);
      const { ledger, cutOffBytes } = await open();
      const keptBytes = cut.lastIndexOf('\n') + 1;
      expect(cutOffBytes).toBe(lengthBytes - keptBytes);
      const kept = (await readFile(path)).subarray(0, keptBytes);
      expect(kept.equals(whole.subarray(0, keptBytes))).toBe(true);
      const before = auditJournal(await readFile(path, 'utf8')).balancesCents;
      expect(Object.fromEntries(await ledger.balancesCents())).toEqual(before);
      if (keptBytes < lengthBytes - 1 && lengthBytes % 20 !== 0) {
        await ledger.close();
        continue;
      }
      // It goes on after a whole line, after the first byte of another one, and after some others.
      const after = await ledger.operate(request('withdraw', 7), { rejectDeposit: false });
      expect(after).toMatchObject({ newCents: (before.account_A ?? 0) - 7 });
      await ledger.close();
      expect(auditJournal(await readFile(path, 'utf8')).balancesCents).toEqual({
        account_A: (before.account_A ?? 0) - 7,
        account_B: 50_000,
      });
    }
  });

  it('with any byte flipped, and with any byte another one, stops the start and names the line', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: whole.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
        async (index, mask) => {
          const damaged = Buffer.from(whole);
          damaged[index] = (whole[index] ?? 0) ^ mask;
          await writeFile(path, damaged);
          const opening = open();
          await expect(opening).rejects.toThrow(JournalDamagedError);
          await expect(opening).rejects.toThrow(/^journal\.jsonl, line \d+: /);
          expect((await readFile(path)).equals(damaged)).toBe(true);
        },
      ),
      {
        seed: 108_345,
        numRuns: 400,
        // The newline at the very end is what a torn write lacks.
        examples: [
          [whole.length - 1, 1],
          [whole.length - 1, 0x0a],
        ],
      },
    );
  });

  it.each([
    [
      'a line that is missing',
      (lines: string[]) => [...lines.slice(0, 2), ...lines.slice(3)],
      'line 3: it begins with',
    ],
    ['a line that is there twice', (lines: string[]) => [...lines, ...lines.slice(4, 5)], 'has an outcome already'],
    ['an account that is opened twice', (lines: string[]) => [...lines, ...lines.slice(0, 1)], 'a second time'],
  ])('with %s stops the start', async (_, change, said) => {
    const lines = whole.toString().trimEnd().split('\n');
    await writeFile(path, `${change(lines).join('\n')}\n`);
    await expect(open()).rejects.toThrow(said);
  });

  it('in use opens no account that it does not know: that would be money from nowhere', async () => {
    const lines = whole.toString().split('\n');
    await writeFile(path, [...lines.slice(0, 1), ...lines.slice(2)].join('\n'));
    const { ledger } = await open();
    expect([...(await ledger.balancesCents()).keys()]).toEqual(['account_A']);
    await ledger.close();
  });
});
