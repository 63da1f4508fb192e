import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { PROJECT_FOLDER } from '../../src/platform/processes/project-folder.ts';
import { DIVISION_BY_ZERO, WRONG_ACCOUNT_API_PORT, WRONG_TICKET_SYSTEM_PORT } from './broken-lines.ts';

const read = (file: string) => readFile(path.join(PROJECT_FOLDER, file), 'utf8');

describe('a line that a demo breaks', () => {
  it.each([WRONG_TICKET_SYSTEM_PORT, WRONG_ACCOUNT_API_PORT, DIVISION_BY_ZERO])(
    'is there once: $right',
    async (broken) => {
      const lines = (await read(broken.file)).split('\n').map((line) => line.trim());
      expect(lines.filter((line) => line === broken.right)).toHaveLength(1);
    },
  );

  it('is changed by the command that demos.md shows for it', async () => {
    const edits = [...(await read('demos.md')).matchAll(/^sed -i\.bak "s\|(.+?)\|.+?\|" (\S+)$/gm)];
    expect(edits).toHaveLength(3);
    for (const [, text = '', file = ''] of edits) expect((await read(file)).split(text)).toHaveLength(2);
  });
});
