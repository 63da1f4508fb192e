import { appendFile, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { openJournal } from './journal.ts';
import { JournalDamagedError } from './journal-errors.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'journal-'));
  path = join(folder, 'ledger.jsonl');
});
afterEach(() => rm(folder, { recursive: true }));

async function entriesOf(): Promise<{ entries: unknown[]; cutOffBytes: number }> {
  const entries: unknown[] = [];
  const { journal, cutOffBytes } = await openJournal(path, (entry) => entries.push(entry));
  await journal.close();
  return { entries, cutOffBytes };
}

describe('a journal', () => {
  it('returns what was appended, in the order of the calls', async () => {
    const { journal } = await openJournal(path, () => undefined);
    const numbers = Array.from({ length: 200 }, (_, number) => number);
    await Promise.all(numbers.map((number) => journal.append({ number })));
    await journal.close();
    expect((await entriesOf()).entries).toEqual(numbers.map((number) => ({ number })));
  });

  it('finishes all appends before it closes', async () => {
    const { journal } = await openJournal(path, () => undefined);
    const appended = journal.append({ number: 1 });
    await journal.close();
    await appended;
    expect((await entriesOf()).entries).toEqual([{ number: 1 }]);
  });

  it('truncated at any byte loses only the truncated line, and continues after it', async () => {
    const lines = [{ text: 'one' }, { text: 'zwölf ✓' }, { text: 'a\nb' }];
    const complete = Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: complete.length }), async (lengthBytes) => {
        await writeFile(path, complete);
        await truncate(path, lengthBytes);
        const kept = complete.subarray(0, lengthBytes).toString('latin1').split('\n').length - 1;
        const { journal, cutOffBytes } = await openJournal(path, () => undefined);
        await journal.append({ text: 'after' });
        await journal.close();
        const { entries, cutOffBytes: thenCutOff } = await entriesOf();
        expect(entries).toEqual([...lines.slice(0, kept), { text: 'after' }]);
        expect(cutOffBytes).toBe(lengthBytes - lengthOf(lines.slice(0, kept)));
        expect(thenCutOff).toBe(0);
      }),
      { numRuns: 100 },
    );
  });

  it('with damage inside refuses to open, and names file and line', async () => {
    await writeFile(path, '{"number":1}\n{"numb\n{"number":3}\n');
    const opening = openJournal(path, () => undefined);
    await expect(opening).rejects.toThrow(JournalDamagedError);
    await expect(opening).rejects.toThrow('ledger.jsonl, line 2');
    expect(await readFile(path, 'utf8')).toContain('{"numb\n');
  });

  it('with a last line that ends with a newline but is not JSON refuses to open: a torn write has no newline', async () => {
    await writeFile(path, '{"number":1}\n{"numb\n');
    await expect(openJournal(path, () => undefined)).rejects.toThrow('ledger.jsonl, line 2');
  });

  it('whose last line ends with a byte other than a newline refuses to open: a torn write has no such byte', async () => {
    await writeFile(path, '{"number":1}\n{"number":2}x');
    await expect(openJournal(path, () => undefined)).rejects.toThrow('ledger.jsonl, line 2');
  });

  it('refuses to open if its owner refuses an entry', async () => {
    await appendFile(path, '{"number":1}\n{"other":1}\n');
    const opening = openJournal(path, (entry) => {
      if (JSON.stringify(entry).includes('other')) throw new Error('this is not a number');
    });
    await expect(opening).rejects.toThrow('ledger.jsonl, line 2: this is not a number');
  });
});

function lengthOf(lines: readonly object[]): number {
  return lines.reduce((sum, line) => sum + Buffer.byteLength(`${JSON.stringify(line)}\n`), 0);
}
