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

async function entriesOf() {
  const entries: unknown[] = [];
  const { journal, ...repair } = await openJournal(path, (entry) => entries.push(entry));
  await journal.close();
  return { entries, ...repair };
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

  it('truncated at any byte loses only a line of which more than the newline is missing, and continues after it', async () => {
    const lines = [{ text: 'one' }, { text: 'zwölf ✓' }, { text: 'a\nb', nested: { braces: '}{' } }];
    const complete = Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: complete.length }), async (lengthBytes) => {
        await writeFile(path, complete);
        await truncate(path, lengthBytes);
        const kept = lines.filter((_, index) => lengthOf(lines.slice(0, index + 1)) - 1 <= lengthBytes);
        const read: unknown[] = [];
        const { journal, ...repair } = await openJournal(path, (entry) => read.push(entry));
        await journal.append({ text: 'after' });
        await journal.close();
        const { entries, ...thenRepair } = await entriesOf();
        expect(read).toEqual(kept);
        expect(entries).toEqual([...kept, { text: 'after' }]);
        const excessBytes = lengthBytes - lengthOf(kept);
        expect(repair).toEqual({ cutOffBytes: Math.max(0, excessBytes), newlineAdded: excessBytes < 0 });
        expect(thenRepair).toEqual({ cutOffBytes: 0, newlineAdded: false });
      }),
      { examples: [0, 1, 2].map((last) => [lengthOf(lines.slice(0, last + 1)) - 1]), numRuns: 100 },
    );
  });

  it('whose last line lacks only its newline gets it when it is opened, before anything is appended', async () => {
    await writeFile(path, '{"number":1}\n{"number":2}');
    expect(await entriesOf()).toEqual({ entries: [{ number: 1 }, { number: 2 }], cutOffBytes: 0, newlineAdded: true });
    expect(await readFile(path, 'utf8')).toBe('{"number":1}\n{"number":2}\n');
  });

  it('whose last line lacks its newline and is refused by its owner does not open, and is not changed', async () => {
    await writeFile(path, '{"number":1}');
    const refuse = () => {
      throw new Error('the checksum is wrong');
    };
    await expect(openJournal(path, refuse)).rejects.toThrow('ledger.jsonl, line 1: the checksum is wrong');
    expect(await readFile(path, 'utf8')).toBe('{"number":1}');
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
