import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { commandBlocks, readyLineOf } from './commands.ts';

const ROOT = new URL('../../', import.meta.url);
const read = (name: string) => readFile(new URL(name, ROOT), 'utf8');

const DOCUMENTS = ['README.md', 'setup.md', 'demos.md', 'docs/operate.md', 'docs/how-it-works.md', 'docs/evidence.md'];

describe('the documents', () => {
  it.each(DOCUMENTS)('name in %s only npm scripts that exist', async (name) => {
    const scripts = Object.keys(JSON.parse(await read('package.json')).scripts);
    const text = await read(name);
    const named = [...text.matchAll(/npm run (?:-s )?([a-z-]+(?::[a-z]+)?)/g)].map(([, script]) => script);
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((script) => !scripts.includes(script ?? ''))).toEqual([]);
  });

  it.each(DOCUMENTS)('link in %s only to files that are there', async (name) => {
    const text = await read(name);
    const links = [...text.matchAll(/\]\((?!http)([^)#]+)/g)].map(([, link]) => link ?? '');
    const missing: string[] = [];
    for (const link of links) {
      const found = await import('node:fs/promises').then(({ stat }) =>
        stat(new URL(link, new URL(name, ROOT))).catch(() => undefined),
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
