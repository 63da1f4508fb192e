import { execFile } from 'node:child_process';
import { chmod, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { errorCode } from '../../src/contracts/errors.ts';
import { replaceLine } from '../../testbed/replace-line.ts';
import type { BrokenLine } from './broken-lines.ts';

const run = promisify(execFile);

/** Ignored by git. */
const FOLDER = '.live-fix';
const SAVED = path.join(FOLDER, 'saved');
const RECORD = path.join(FOLDER, 'broken.json');

const BreakRecord = Type.Object({
  name: Type.String(),
  file: Type.String(),
  /** The number of the line, from 1. */
  line: Type.Integer({ minimum: 1 }),
  /** The whole file as it was broken. */
  broken: Type.String(),
});

/** The line cannot be broken or fixed now; the message says why and what to do. */
export class BreakRefused extends Error {
  override readonly name = 'BreakRefused';
}

/** A line of the source and its replacement. */
export interface Change {
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/**
 * Whether git knows of changes to a file of the project that are not committed.
 * @returns undefined where there is no git, or where git does not know the file
 */
export type HasLocalChanges = (root: string, file: string) => Promise<boolean | undefined>;

export const gitHasLocalChanges: HasLocalChanges = async (root, file) => {
  const git = (...args: readonly string[]) => run('git', ['-C', root, ...args, '--', file]);
  try {
    await git('ls-files', '--error-unmatch');
    return (await git('status', '--porcelain')).stdout !== '';
  } catch {
    return undefined;
  }
};

/**
 * Breaks a line of the source. Saves the file first, byte for byte, in a folder that git ignores.
 * @param root the folder of the project
 * @throws BreakRefused if something is broken already, or if the file has local changes or lacks the line
 */
export async function breakLine(
  root: string,
  name: string,
  { file, right, wrong }: BrokenLine,
  hasLocalChanges: HasLocalChanges = gitHasLocalChanges,
): Promise<Change> {
  const earlier = await readRecord(root);
  if (earlier !== undefined && !(await isAsSaved(root, earlier.file))) {
    throw new BreakRefused(`${earlier.file}:${earlier.line} is broken already (${earlier.name}): npm run fix first.`);
  }
  if (await hasLocalChanges(root, file)) {
    throw new BreakRefused(`${file} has changes of yours: commit them, or undo them, first (git diff ${file}).`);
  }
  const saved = await readFile(path.join(root, file));
  const before = saved.toString('utf8');
  const broken = replaceLine(before, right, wrong);
  if (broken === undefined) {
    throw new BreakRefused(`${file} no longer has this line exactly once, so it cannot be broken:\n  ${right}`);
  }
  await mkdir(path.join(root, FOLDER), { recursive: true });
  await writeFile(path.join(root, SAVED), saved, { flush: true });
  const { text, line } = broken;
  const record = { name, file, line, broken: text };
  await writeFile(path.join(root, RECORD), JSON.stringify(record), { flush: true });
  await replaceFile(path.join(root, file), text);
  return { name, file, line, before: before.split('\n'), after: text.split('\n') };
}

export type Fix =
  | { readonly kind: 'nothing is broken' }
  /** The saved copy is in its place again. */
  | ({ readonly kind: 'fixed' } & Change)
  /** The file already equals the saved copy. */
  | { readonly kind: 'fixed by hand'; readonly file: string }
  /** The file differs both from the broken one and from the saved copy; nothing was changed. */
  | ({ readonly kind: 'differs' } & Change)
  /** The file stays as it is; the saved copy was moved here. */
  | { readonly kind: 'kept'; readonly file: string; readonly copy: string }
  /** The saved copy is in its place again; what was there was moved here. */
  | ({ readonly kind: 'restored'; readonly copy: string } & Change);

/**
 * Restores the saved copy of the file that was broken, unless somebody has changed the file since.
 * @param choice what to do then: `keep` the file as it is, or `restore` the saved copy. Nothing is lost either way.
 * @param nowMs epoch milliseconds, for the name of what is moved away
 * @throws BreakRefused if the record of the break cannot be read
 */
export async function fixLine(root: string, choice: 'keep' | 'restore' | undefined, nowMs: number): Promise<Fix> {
  const record = await readRecord(root);
  if (record === undefined) return { kind: 'nothing is broken' };
  const { name, file, line, broken } = record;
  const saved = await readFile(path.join(root, SAVED));
  const present = await readFile(path.join(root, file)).catch(undefinedIfMissing);
  const linesOf = (text: Buffer | string | undefined) => String(text ?? '').split('\n');
  const change = { name, file, line, before: linesOf(present), after: linesOf(saved) };
  if (present?.equals(saved)) {
    await forget(root);
    return { kind: 'fixed by hand', file };
  }
  if (present === undefined || present.equals(Buffer.from(broken))) {
    await replaceFile(path.join(root, file), saved);
    await forget(root);
    return { kind: 'fixed', ...change };
  }
  if (choice === undefined) return { kind: 'differs', ...change };
  const copy = path.join(FOLDER, `${path.basename(file)}.${new Date(nowMs).toISOString().replaceAll(':', '')}`);
  await writeFile(path.join(root, copy), choice === 'keep' ? saved : present, { flush: true });
  if (choice === 'restore') await replaceFile(path.join(root, file), saved);
  await forget(root);
  return choice === 'keep' ? { kind: 'kept', file, copy } : { kind: 'restored', copy, ...change };
}

async function readRecord(root: string) {
  const text = await readFile(path.join(root, RECORD), 'utf8').catch(undefinedIfMissing);
  if (text === undefined) return undefined;
  const record = parsed(text);
  if (Value.Check(BreakRecord, record)) return record;
  throw new BreakRefused(`${RECORD} is damaged. The file before it was broken is ${SAVED}: put it back by hand.`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A break that was interrupted has changed nothing, and one that was undone by hand is over. */
async function isAsSaved(root: string, file: string): Promise<boolean> {
  const [saved, present] = await Promise.all(
    [SAVED, file].map((each) => readFile(path.join(root, each)).catch(undefinedIfMissing)),
  );
  return saved !== undefined && present?.equals(saved) === true;
}

async function forget(root: string): Promise<void> {
  for (const name of [RECORD, SAVED]) await rm(path.join(root, name), { force: true });
}

/** At once, so that a worker that starts again never reads half a file. */
async function replaceFile(file: string, content: Buffer | string): Promise<void> {
  const next = `${file}.next`;
  const mode = (await stat(file).catch(undefinedIfMissing))?.mode;
  await writeFile(next, content, { flush: true });
  if (mode !== undefined) await chmod(next, mode);
  await rename(next, file);
}

function undefinedIfMissing(error: unknown): undefined {
  if (errorCode(error) !== 'ENOENT') throw error;
}
