import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Type } from 'typebox';
import { PROJECT_FOLDER } from '../../platform/processes/project-folder.ts';
import { waitUntil } from '../../platform/processes/wait-until.ts';
import { createRunOnce, InFlight, OutcomeUnknown } from '../../resilience/run-once.ts';
import { IdempotencyStoreDamaged, openIdempotencyStore } from './idempotency-store.ts';

const KEY = 'withdraw/account_A 100';

let parent: string;
let folder: string;
let child: ChildProcess | undefined;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'idempotency-'));
  folder = join(parent, 'keys');
});
afterEach(async () => {
  child?.kill('SIGKILL');
  await rm(parent, { recursive: true });
});

const open = () => openIdempotencyStore(folder);

/** The path of the only file in the folder with this ending. */
async function fileEndingIn(ending: string): Promise<string> {
  const [name, ...others] = (await readdir(folder)).filter((each) => each.endsWith(ending));
  if (name === undefined || others.length > 0) throw new Error(`there is not exactly one file ending in ${ending}`);
  return join(folder, name);
}

const claimFile = (key: string) => join(folder, `${createHash('sha256').update(key).digest('hex')}.claim.json`);

describe('the idempotency store', () => {
  it('keeps a claim and its result for the process that opens it next', async () => {
    const store = await open();
    expect(await store.find(KEY)).toBeUndefined();
    expect(await store.claim(KEY, 'abc')).toBe('claimed');
    await store.record(KEY, { newBalanceCents: 900 });
    expect(await (await open()).find(KEY)).toEqual({
      fingerprint: 'abc',
      claimedBy: `process ${process.pid} on host ${hostname()}`,
      heldElsewhere: false,
      result: { value: { newBalanceCents: 900 } },
    });
  });

  it('lets one of many claim a key, and never changes an existing claim', async () => {
    const store = await open();
    const claims = await Promise.all(Array.from({ length: 20 }, (_, index) => store.claim(KEY, `print ${index}`)));
    expect(claims.filter((claim) => claim === 'claimed')).toHaveLength(1);
    expect((await store.find(KEY))?.fingerprint).toBe(`print ${claims.indexOf('claimed')}`);
    await store.record(KEY, 'first');
    await store.record(KEY, 'second');
    expect((await store.find(KEY))?.result).toEqual({ value: 'first' });
  });

  it('distinguishes an empty result from no result', async () => {
    const store = await open();
    await store.claim(KEY, 'abc');
    expect(await store.find(KEY)).not.toHaveProperty('result');
    await store.record(KEY, undefined);
    expect(await store.find(KEY)).toMatchObject({ result: { value: null } });
  });

  it('accepts any key, and keeps different keys apart', async () => {
    const store = await open();
    const keys = ['a', 'A', '../a', 'a/b', 'a\u0000', 'k'.repeat(200), '__proto__'];
    for (const key of keys) expect(await store.claim(key, `of ${key}`)).toBe('claimed');
    for (const key of keys) expect((await store.find(key))?.fingerprint).toBe(`of ${key}`);
    expect(await readdir(parent)).toEqual(['keys']);
  });

  it('forgets a key that is released', async () => {
    const store = await open();
    await store.claim(KEY, 'abc');
    await store.release(KEY);
    expect(await readdir(folder)).toEqual([]);
    expect(await store.claim(KEY, 'def')).toBe('claimed');
  });

  it('reports a claim as held while the store that made it is open and has no result, whatever its process id', async () => {
    const store = await open();
    await store.claim(KEY, 'abc');
    expect(await store.find(KEY)).toMatchObject({ heldElsewhere: false });
    expect(await (await open()).find(KEY)).toMatchObject({ heldElsewhere: true });
    await store.record(KEY, null);
    expect(await (await open()).find(KEY)).toMatchObject({ heldElsewhere: false });
  });

  it('does not take an unrelated process that runs for the one that made a claim', async () => {
    const store = await open();
    await writeFile(claimFile(KEY), JSON.stringify({ key: KEY, fingerprint: 'abc', processId: 1 }));
    expect(await store.find(KEY)).toMatchObject({ heldElsewhere: false, claimedBy: 'process 1' });
  });

  it('lets one of several stores claim a key, and the others see that it is held', async () => {
    const stores = await Promise.all(Array.from({ length: 5 }, open));
    const claims = await Promise.all(stores.map((store) => store.claim(KEY, 'abc')));
    expect(claims.toSorted()).toEqual(['claimed', 'exists', 'exists', 'exists', 'exists']);
    const found = await Promise.all(stores.map((store) => store.find(KEY)));
    expect(found.map((run) => run?.heldElsewhere)).toEqual(claims.map((claim) => claim === 'exists'));
  });

  it('removes temporary files that killed processes have left, but not those of other processes', async () => {
    await open();
    const [old, young] = ['ZJ_xz0-3YpXfVnD4Q9a1b', 'a1b-3YpXfVnD4Q9ZJ_xz0'].map((end) =>
      join(folder, `.a.json.${end}`),
    );
    for (const path of [old, young]) await writeFile(path ?? '', '');
    const twoHoursAgo = new Date(Date.now() - 7_200_000);
    await utimes(old ?? '', twoHoursAgo, twoHoursAgo);
    await open();
    expect(await readdir(folder)).toEqual([basename(young ?? '')]);
  });

  it('names a damaged file', async () => {
    const store = await open();
    await store.claim(KEY, 'abc');
    const claim = await fileEndingIn('.claim.json');
    for (const text of ['', '{', '{}', JSON.stringify({ key: 'another', fingerprint: 'abc', processId: 1 })]) {
      await writeFile(claim, text);
      const error = await store.find(KEY).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(IdempotencyStoreDamaged);
      expect(String(error)).toContain(claim);
    }
    await rm(claim);
    await store.record(KEY, 1);
    await expect(store.find(KEY)).rejects.toThrow('is a result without its claim');
  });
});

describe('run once on disk', () => {
  const withdrawal = (effect: () => Promise<null>) => ({
    key: KEY,
    payload: { amountCents: 100 },
    schema: Type.Null(),
    effect,
  });

  it('reports the outcome as unknown after a kill between effect and record, until a person has resolved it', async () => {
    const mark = join(parent, 'effect');
    const args = ['scripts/run.mjs', 'src/services/storage/claimer.fixture.ts', folder, KEY, mark];
    child = spawn(process.execPath, args, { cwd: PROJECT_FOLDER, stdio: ['ignore', 'ignore', 'inherit'] });
    const exited = once(child, 'exit');
    await waitUntil(() => existsSync(mark), { what: 'the effect', timeoutMs: 30_000 });

    const effect = jest.fn(async () => null);
    const runOnce = createRunOnce(await open());
    await expect(runOnce(withdrawal(effect))).rejects.toBeInstanceOf(InFlight);
    await expect(runOnce(withdrawal(effect))).rejects.toThrow(`process ${child.pid} on host`);
    child.kill('SIGKILL');
    await exited;
    const error = await runOnce(withdrawal(effect)).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(OutcomeUnknown);

    // Exactly as the message says.
    const [, record = '', path = ''] = /write (\{.*\}) with its result to (\S+);/.exec(String(error)) ?? [];
    await writeFile(path, record.replace('"…"', 'null'));
    expect(await runOnce(withdrawal(effect))).toBeNull();
    expect(effect).not.toHaveBeenCalled();
  });

  it('runs the effect after a person has found that it did not happen and has removed the claim', async () => {
    const runOnce = createRunOnce(await open());
    const error = await runOnce(withdrawal(() => Promise.reject(new Error('lost')))).catch((thrown: unknown) => thrown);
    await rm(/remove (\S+)$/.exec(String(error))?.[1] ?? '');
    const effect = jest.fn(async () => null);
    await runOnce(withdrawal(effect));
    expect(effect).toHaveBeenCalledTimes(1);
  });
});
