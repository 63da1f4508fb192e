import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { PROJECT_FOLDER } from '../../src/platform/processes/project-folder.ts';
import { commandBlocks, readyLineOf } from './commands.ts';
import { DOCUMENTS } from './documents.ts';

const read = (name: string) => readFile(path.join(PROJECT_FOLDER, name), 'utf8');

describe('the documents', () => {
  it.each(DOCUMENTS)('name in %s only npm scripts that exist', async (name) => {
    const scripts = Object.keys(JSON.parse(await read('package.json')).scripts);
    const text = await read(name);
    const named = [...text.matchAll(/npm run (?:-s )?([a-z][a-z-]*(?::[a-z]+)?)/g)].map(([, script]) => script);
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((script) => !scripts.includes(script ?? ''))).toEqual([]);
  });

  it('show in demos.md how to crash, break and mend by hand without curl, sed, sleep or process ids', async () => {
    const commands = commandBlocks(await read('demos.md')).flatMap((block) => block.commands);
    expect(commands.length).toBeGreaterThan(40);
    expect(commands.filter((command) => /\b(curl|sed|sleep|mv)\b|\bkill -|PID\b/.test(command))).toEqual([]);
  });

  it.each(DOCUMENTS)('link in %s only to files that are there', async (name) => {
    const text = await read(name);
    const links = [...text.matchAll(/\]\((?!http)([^)#]+)/g)].map(([, link]) => link ?? '');
    const missing: string[] = [];
    for (const link of links) {
      const found = await import('node:fs/promises').then(({ stat }) =>
        stat(path.join(PROJECT_FOLDER, path.dirname(name), link)).catch(() => undefined),
      );
      if (found === undefined) missing.push(link);
    }
    expect(missing).toEqual([]);
  });
});

describe('the commands of a document', () => {
  it('are the lines of its sh blocks, by section, and nothing else', () => {
    const markdown =
      '# A\n```sh\nnpm start\n\nnpm run audit\n```\ntext\n```text\nno command\n```\n## B\n```sh\nls\n```\n';
    expect(commandBlocks(markdown)).toEqual([
      { section: 'A', commands: ['npm start', 'npm run audit'] },
      { section: 'B', commands: ['ls'] },
    ]);
  });

  it('are told apart: those that end, and those that run until they are stopped', () => {
    expect(readyLineOf('FAULTS=rare npm start')).toBeDefined();
    expect(readyLineOf('npm run worker:watch')).toBeDefined();
    expect(readyLineOf('npm run starter -- order')).toBeUndefined();
  });
});
