import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { JournalDamagedError } from '../storage/journal-errors.ts';
import { openAccountLedger } from './account-ledger.ts';
import { decideOperation } from './decide-operation.ts';
import { rejectDeposits } from './faults.ts';
import { auditJournal } from './journal-audit.ts';

/** A complete journal with every kind of line. */
let complete: Buffer;
let databaseDir: string;
let path: string;
const NEWLINE = 0x0a;

const decide = rejectDeposits(decideOperation, ({ key }) => key === 'key-3');
const open = async () => openAccountLedger({ databaseDir, nowMs: Date.now, decide });
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
  await ledger.operate(request('withdraw', 100));
  await ledger.operate(request('deposit', 9_990, 'key-1'));
  await ledger.operate(request('withdraw', 999_999, 'key-2'));
  await ledger.operate(request('deposit', 1, 'key-3'));
  await ledger.close();
  complete = await readFile(path);
});
afterAll(() => rm(databaseDir, { recursive: true }));

describe('the journal of the accounts', () => {
  it('truncated at any byte opens with exactly the complete lines before that byte, and can be continued', async () => {
    await mkdir(join(databaseDir, 'accounts'), { recursive: true });
    for (let lengthBytes = 0; lengthBytes <= complete.length; lengthBytes += 1) {
      await writeFile(path, complete.subarray(0, lengthBytes));
      const { ledger, ...repair } = await open();
      // A line that lacks only its newline is complete.
      const newlineAdded = complete[lengthBytes] === NEWLINE;
      const keptBytes = complete.subarray(0, lengthBytes + (newlineAdded ? 1 : 0)).lastIndexOf('\n') + 1;
      expect(repair).toEqual({ cutOffBytes: Math.max(0, lengthBytes - keptBytes), newlineAdded });
      const kept = (await readFile(path)).subarray(0, keptBytes);
      expect(kept.equals(complete.subarray(0, keptBytes))).toBe(true);
      const before = auditJournal(await readFile(path, 'utf8')).balancesCents;
      expect(Object.fromEntries(await ledger.balancesCents())).toEqual(before);
      if (keptBytes < lengthBytes - 1 && lengthBytes % 20 !== 0) {
        await ledger.close();
        continue;
      }
      // Continue after each complete line, after the first byte of the next one, and after some other bytes.
      const after = await ledger.operate(request('withdraw', 7));
      expect(after).toMatchObject({ newCents: (before.account_A ?? 0) - 7 });
      await ledger.close();
      expect(auditJournal(await readFile(path, 'utf8')).balancesCents).toEqual({
        account_A: (before.account_A ?? 0) - 7,
        account_B: 50_000,
      });
    }
  });

  it('keeps an acknowledged withdrawal whose newline is missing, and its key', async () => {
    const lines = complete.toString().trimEnd().split('\n');
    await writeFile(path, lines.slice(0, 3).join('\n'));
    const { ledger } = await open();
    expect(Object.fromEntries(await ledger.balancesCents())).toEqual({ account_A: 99_900, account_B: 50_000 });
    await ledger.close();
    await writeFile(path, lines.slice(0, 4).join('\n'));
    const reopened = await open();
    expect(await reopened.ledger.operate(request('deposit', 9_990, 'key-1'))).toMatchObject({ newCents: 109_890 });
    await reopened.ledger.close();
    expect(auditJournal(await readFile(path, 'utf8')).moves['key-1']).toBe(1);
  });

  it('with any byte changed refuses to open and names the line', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: complete.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
        async (index, mask) => {
          const damaged = Buffer.from(complete);
          damaged[index] = (complete[index] ?? 0) ^ mask;
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
        // A torn write lacks the newline at the very end.
        examples: [
          [complete.length - 1, 1],
          [complete.length - 1, 0x0a],
        ],
      },
    );
  });

  it.each([
    ['a missing line', (lines: string[]) => [...lines.slice(0, 2), ...lines.slice(3)], 'line 3: it starts from'],
    ['a repeated line', (lines: string[]) => [...lines, ...lines.slice(4, 5)], 'already has an outcome'],
    ['an account that is opened twice', (lines: string[]) => [...lines, ...lines.slice(0, 1)], 'a second time'],
  ])('with %s refuses to open', async (_, change, message) => {
    const lines = complete.toString().trimEnd().split('\n');
    await writeFile(path, `${change(lines).join('\n')}\n`);
    await expect(open()).rejects.toThrow(message);
  });

  it('that is in use does not open missing accounts, which would create money', async () => {
    const lines = complete.toString().split('\n');
    await writeFile(path, [...lines.slice(0, 1), ...lines.slice(2)].join('\n'));
    const { ledger } = await open();
    expect([...(await ledger.balancesCents()).keys()]).toEqual(['account_A']);
    await ledger.close();
  });
});
