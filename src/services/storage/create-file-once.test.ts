import { mkdir, mkdtemp, readdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createFileOnce, removeTemporaryFiles } from './create-file-once.ts';
import { createFolder, type Disk, realDisk } from './disk.ts';

const diskFull = () => Promise.reject(new Error('disk full'));
const failing = (fault: Partial<Disk>): Disk => ({ ...realDisk, ...fault });

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'create-file-once-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('a file that is created once', () => {
  it('is complete, and nothing else is left in its folder', async () => {
    expect(await createFileOnce(join(folder, 'a.json'), '{"a":1}')).toBe('created');
    expect(await readdir(folder)).toEqual(['a.json']);
    expect(await readFile(join(folder, 'a.json'), 'utf8')).toBe('{"a":1}');
  });

  it('is never overwritten', async () => {
    await createFileOnce(join(folder, 'a.json'), 'first');
    expect(await createFileOnce(join(folder, 'a.json'), 'second')).toBe('exists');
    expect(await readFile(join(folder, 'a.json'), 'utf8')).toBe('first');
    expect(await readdir(folder)).toEqual(['a.json']);
  });

  it('has the content of the one creation that succeeds, of many at the same time', async () => {
    const texts = Array.from({ length: 30 }, (_, index) => `text ${index}`);
    const creations = await Promise.all(texts.map((text) => createFileOnce(join(folder, 'a.json'), text)));
    expect(creations.filter((creation) => creation === 'created')).toHaveLength(1);
    const winner = texts[creations.indexOf('created')];
    expect(await readFile(join(folder, 'a.json'), 'utf8')).toBe(winner);
  });

  it('is absent when the write fails', async () => {
    const creation = createFileOnce(join(folder, 'a.json'), 'text', failing({ writeFile: diskFull }));
    await expect(creation).rejects.toThrow('disk full');
    expect(await readdir(folder)).toEqual([]);
  });

  it('exists and is complete when the sync of its folder fails after the link', async () => {
    const creation = createFileOnce(join(folder, 'a.json'), 'text', failing({ syncFolder: diskFull }));
    await expect(creation).rejects.toThrow('disk full');
    expect(await readdir(folder)).toEqual(['a.json']);
    expect(await readFile(join(folder, 'a.json'), 'utf8')).toBe('text');
  });

  it('leaves nothing behind when its folder is missing', async () => {
    await expect(createFileOnce(join(folder, 'none', 'a.json'), 'text')).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('a folder that is created', () => {
  it('keeps its content if it already exists', async () => {
    await createFolder(join(folder, 'orders'));
    await writeFile(join(folder, 'orders', 'a'), '');
    await createFolder(join(folder, 'orders'));
    expect(await readdir(join(folder, 'orders'))).toEqual(['a']);
  });
});

describe('temporary files that killed processes have left', () => {
  it('are removed, also in the folders inside a folder, and nothing else is', async () => {
    await mkdir(join(folder, 'order-1'));
    const linking = new Promise((resolve) => {
      const link = () => {
        resolve(undefined);
        return new Promise<never>(() => undefined);
      };
      void createFileOnce(join(folder, 'order-1', 'a.json'), 'text', failing({ link }));
    });
    await linking;
    await writeFile(join(folder, '.b.json.ZJ_xz0-3YpXfVnD4Q9a1b'), '');
    const others = ['.c.json.short', '.d', 'e.json.ZJ_xz0-3YpXfVnD4Q9a1b', '.test.lock'];
    for (const name of others) await writeFile(join(folder, name), '');
    await mkdir(join(folder, '.f.json.ZJ_xz0-3YpXfVnD4Q9a1b'));
    await symlink('order-1', join(folder, '.g.json.ZJ_xz0-3YpXfVnD4Q9a1b'));
    expect(await readdir(join(folder, 'order-1'))).toEqual([expect.stringMatching(/^\.a\.json\./)]);

    expect(await removeTemporaryFiles(folder)).toBe(2);
    const kept = [...others, 'order-1', '.f.json.ZJ_xz0-3YpXfVnD4Q9a1b', '.g.json.ZJ_xz0-3YpXfVnD4Q9a1b'];
    expect((await readdir(folder)).toSorted()).toEqual(kept.toSorted());
    expect(await readdir(join(folder, 'order-1'))).toEqual([]);
  });

  it('of the last hour are kept in a folder that others use, and so is what is in the folders inside it', async () => {
    const [old, young] = ['.a.json.ZJ_xz0-3YpXfVnD4Q9a1b', '.b.json.ZJ_xz0-3YpXfVnD4Q9a1b'];
    await mkdir(join(folder, 'inside'));
    const twoHoursAgo = new Date(Date.now() - 7_200_000);
    for (const path of [join(folder, old), join(folder, 'inside', old)]) {
      await writeFile(path, '');
      await utimes(path, twoHoursAgo, twoHoursAgo);
    }
    await writeFile(join(folder, young), '');
    expect(await removeTemporaryFiles(folder, { shared: true })).toBe(1);
    expect((await readdir(folder, { recursive: true })).toSorted()).toEqual([young, 'inside', join('inside', old)]);
  });
});
