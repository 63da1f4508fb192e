import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { BrokenLine } from './broken-lines.ts';
import { changeLines } from './print-change.ts';
import { BreakRefused, breakLine, fixLine } from './source-break.ts';

const FILE = 'src/sum.ts';
const LINE: BrokenLine = {
  file: FILE,
  right: 'return a + b;',
  wrong: 'return a / 0n;',
  what: '',
  effect: '',
  sample: { kind: 'order', id: 'order-1' },
};
/** With a byte order mark, and without a line feed at the end. */
const SOURCE = '\uFEFFfunction sum(a, b) {\n  return a + b;\n}';
const BROKEN = SOURCE.replace('a + b', 'a / 0n');

let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'live-fix-'));
  await mkdir(path.join(root, 'src'));
  await write(SOURCE);
});
afterEach(() => rm(root, { recursive: true }));

const write = (text: string) => writeFile(path.join(root, FILE), text);
const read = (file = FILE) => readFile(path.join(root, file), 'utf8');
const saved = () => readdir(path.join(root, '.live-fix'));
const breakIt = (hasLocalChanges?: boolean) => breakLine(root, 'division', LINE, async () => hasLocalChanges);
const fixIt = (choice?: 'keep' | 'restore') => fixLine(root, choice, 0);

it('break changes exactly one line, and fix restores the file byte for byte', async () => {
  await chmod(path.join(root, FILE), 0o640);
  expect(await breakIt(false)).toMatchObject({ name: 'division', file: FILE, line: 2 });
  expect(await read()).toBe(BROKEN);
  expect(await fixIt()).toMatchObject({ kind: 'fixed', line: 2 });
  expect(await read()).toBe(SOURCE);
  expect((await stat(path.join(root, FILE))).mode & 0o777).toBe(0o640);
  expect(await saved()).toEqual([]);
  expect(await fixIt()).toEqual({ kind: 'nothing is broken' });
});

it('break refuses a file with local changes, and does so only where git knows of them', async () => {
  await expect(breakIt(true)).rejects.toThrow(`${FILE} has changes of yours: commit them, or undo them, first`);
  expect(await read()).toBe(SOURCE);
  await breakIt(undefined);
  expect(await read()).toBe(BROKEN);
});

it('break refuses a second break until the first one is fixed', async () => {
  await breakIt();
  await expect(breakIt()).rejects.toThrow(BreakRefused);
  await expect(breakIt()).rejects.toThrow(`${FILE}:2 is broken already (division): npm run fix first.`);
  await fixIt();
  await breakIt();
});

it('a break that was undone by hand, or interrupted before it changed the file, does not count', async () => {
  await breakIt();
  await write(SOURCE);
  await breakIt();
  expect(await read()).toBe(BROKEN);
});

it('break refuses a file that lacks the line, or has it twice', async () => {
  for (const source of ['', `${SOURCE}\n${SOURCE}`]) {
    await write(source);
    await expect(breakIt()).rejects.toThrow('no longer has this line exactly once');
    expect(await read()).toBe(source);
  }
});

it('fix says so when the file has been put right by hand', async () => {
  await breakIt();
  await write(SOURCE);
  expect(await fixIt()).toEqual({ kind: 'fixed by hand', file: FILE });
  expect(await fixIt()).toEqual({ kind: 'nothing is broken' });
});

it('fix overwrites nothing that was changed since, and loses neither version whatever is chosen', async () => {
  const mine = SOURCE.replace('a + b', 'b + a');
  for (const choice of ['keep', 'restore'] as const) {
    await write(SOURCE);
    await breakIt();
    await write(mine);
    expect(await fixIt()).toMatchObject({ kind: 'differs', file: FILE });
    expect(await read()).toBe(mine);
    const fix = await fixIt(choice);
    const copy = '.live-fix/sum.ts.1970-01-01T000000.000Z';
    expect(fix).toMatchObject({ kind: choice === 'keep' ? 'kept' : 'restored', copy });
    expect([await read(), await read(copy)].toSorted()).toEqual([mine, SOURCE].toSorted());
    expect(await read()).toBe(choice === 'keep' ? mine : SOURCE);
  }
});

it('fix brings back a file that was removed, and refuses a damaged record', async () => {
  await breakIt();
  await rm(path.join(root, FILE));
  expect((await fixIt()).kind).toBe('fixed');
  expect(await read()).toBe(SOURCE);
  await breakIt();
  await writeFile(path.join(root, '.live-fix/broken.json'), '{');
  await expect(fixIt()).rejects.toThrow('The file before it was broken is .live-fix/saved');
});

it('the change is shown with its numbers, and lines around it that fit the terminal', async () => {
  await write(`${'// a long comment '.repeat(9)}\n${SOURCE}`);
  expect(changeLines(await breakIt(), 30).map((line) => line.replace('\uFEFF', ''))).toEqual([
    '  1  // a long comment // a l…',
    '  2  function sum(a, b) {',
    '- 3    return a + b;',
    '+ 3    return a / 0n;',
    '  4  }',
  ]);
});

it('a changed line that is longer than the terminal is wide goes on below its code, whole', () => {
  const change = { line: 1, before: ['return sum(first, second, third);'], after: ['return sum(first, second);'] };
  expect(changeLines(change, 24).join('\n').split('\n')).toEqual([
    '- 1  return sum(first,',
    '         second, third);',
    '+ 1  return sum(first,',
    '         second);',
  ]);
  expect(changeLines(change, Number.POSITIVE_INFINITY)).toEqual([
    '- 1  return sum(first, second, third);',
    '+ 1  return sum(first, second);',
  ]);
});
