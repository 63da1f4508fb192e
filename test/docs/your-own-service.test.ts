import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { importsOf } from '../architecture/import-direction.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const EXAMPLE = 'examples/shipping-labels';
const read = (file: string) => readFile(path.join(ROOT, file), 'utf8');

describe('docs/your-own-service.md', () => {
  it('shows lines of the example, as they are', async () => {
    const document = await read('docs/your-own-service.md');
    const blocks = [...document.matchAll(/```ts\n(.*?)```/gs)].map(([, block]) => block ?? '');
    const sources = await Promise.all((await sourcesOf(EXAMPLE)).map(read));
    expect(blocks.length).toBeGreaterThan(2);
    expect(blocks.filter((block) => !sources.some((source) => source.includes(block)))).toEqual([]);
  });

  it('may say that the tests of the protocol need the folder test/protocol, and nothing else', async () => {
    const used = new Set<string>();
    const tests = (await readdir(path.join(ROOT, 'src/protocol'))).filter((file) => file.endsWith('.test.ts'));
    for (const test of tests) await addUsed(`src/protocol/${test}`, used);
    const others = [...used].filter((file) => !/^(src|test)\/protocol\//.test(file));
    expect(others.toSorted()).toEqual(['guarantee', 'intervals', 'tickets'].map((name) => `src/contracts/${name}.ts`));
  });

  it('names under "What to copy" all that the example uses of this project, and nothing else', async () => {
    const [, section = ''] = (await read('docs/your-own-service.md')).split('## What to copy');
    const [fromSource = ''] = section.split('From the example');
    const named = [...fromSource.matchAll(/`([a-z-]+\/[a-z-]*(?:\.ts)?)`/g)].map(([, name]) => `src/${name}`);
    const used = new Set<string>();
    for (const file of await sourcesOf(EXAMPLE)) await addUsed(file, used);
    const ofProject = [...used].filter((file) => file.startsWith('src/'));
    expect(named.toSorted()).toEqual(
      [...new Set(ofProject.map((file) => file.replace(/^(src\/protocol\/).*/, '$1')))].toSorted(),
    );
  });
});

/** The sources of a folder, without tests, nor those of the folders in it. */
async function sourcesOf(folder: string): Promise<readonly string[]> {
  const files = await readdir(path.join(ROOT, folder));
  return files.filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts')).map((file) => `${folder}/${file}`);
}

/** Adds a file and all of ours that it imports, and they import. */
async function addUsed(file: string, used: Set<string>): Promise<void> {
  if (used.has(file)) return;
  used.add(file);
  for (const imported of await importsOf(path.join(ROOT, file))) {
    if (imported.startsWith('.')) await addUsed(path.join(path.dirname(file), imported), used);
  }
}
