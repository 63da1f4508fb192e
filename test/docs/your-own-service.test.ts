import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { PROJECT_FOLDER } from '../../src/platform/processes/project-folder.ts';
import { importsOf } from '../architecture/import-direction.ts';

const EXAMPLE = 'examples/shipping-labels';
/** A test of the example that the document quotes. It runs, so it is true as well. */
const QUOTED_TEST = `${EXAMPLE}/expect-exactly-one.end-to-end.test.ts`;
const read = (file: string) => readFile(path.join(PROJECT_FOLDER, file), 'utf8');

describe('docs/your-own-service.md', () => {
  it('quotes the example verbatim', async () => {
    const document = await read('docs/your-own-service.md');
    const blocks = [...document.matchAll(/```ts\n(.*?)```/gs)].map(([, block]) => block ?? '');
    const sources = await Promise.all([...(await sourcesOf(EXAMPLE)), QUOTED_TEST].map(read));
    expect(blocks.length).toBeGreaterThan(2);
    expect(blocks.filter((block) => !sources.some((source) => source.includes(block)))).toEqual([]);
  });

  it('is true: the example uses nothing of this project but the library', async () => {
    const used = new Set<string>();
    for (const file of await sourcesOf(EXAMPLE)) await addUsed(file, used);
    expect([...used].filter((file) => !file.startsWith(`${EXAMPLE}/`))).toEqual([]);
    expect(used.size).toBeGreaterThan(4);
  });
});

/** The sources directly in a folder, without tests. */
async function sourcesOf(folder: string): Promise<readonly string[]> {
  const files = await readdir(path.join(PROJECT_FOLDER, folder));
  return files.filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts')).map((file) => `${folder}/${file}`);
}

/** Adds a file and every file of this project that it imports, directly or not. */
async function addUsed(file: string, used: Set<string>): Promise<void> {
  if (used.has(file)) return;
  used.add(file);
  for (const imported of await importsOf(path.join(PROJECT_FOLDER, file))) {
    if (imported.startsWith('.')) await addUsed(path.join(path.dirname(file), imported), used);
  }
}
