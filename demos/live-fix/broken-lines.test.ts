import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from '@jest/globals';
import { PROJECT_FOLDER } from '../../src/platform/processes/project-folder.ts';
import { BROKEN_LINES } from './broken-lines.ts';

it.each(Object.entries(BROKEN_LINES))('the line that %s breaks is there once', async (_, { file, right }) => {
  const lines = (await readFile(path.join(PROJECT_FOLDER, file), 'utf8')).split('\n').map((line) => line.trim());
  expect(lines.filter((line) => line === right)).toHaveLength(1);
});

it('a line that demos.md tells you to break by hand is there once', async () => {
  const read = (file: string) => readFile(path.join(PROJECT_FOLDER, file), 'utf8');
  const edits = [...(await read('demos.md')).matchAll(/^sed -i\.bak "s\|(.+?)\|.+?\|" (\S+)$/gm)];
  expect(edits).toHaveLength(3);
  for (const [, text = '', file = ''] of edits) expect((await read(file)).split(text)).toHaveLength(2);
});
