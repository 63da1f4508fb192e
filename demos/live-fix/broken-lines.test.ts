import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from '@jest/globals';
import { PROJECT_FOLDER } from '../../src/platform/processes/project-folder.ts';
import { BROKEN_LINES } from './broken-lines.ts';

it.each(Object.entries(BROKEN_LINES))('the line that %s breaks is there once', async (_, { file, right }) => {
  const lines = (await readFile(path.join(PROJECT_FOLDER, file), 'utf8')).split('\n').map((line) => line.trim());
  expect(lines.filter((line) => line === right)).toHaveLength(1);
});
