import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { PROJECT_FOLDER } from '../../src/platform/processes/project-folder.ts';
import { ACCOUNT_POINTS, ACCOUNT_PRESETS } from '../../src/services/faults/account-faults.ts';
import type { FaultPoints } from '../../src/services/faults/fault-rules.ts';
import { readRule } from '../../src/services/faults/fault-words.ts';
import { TICKET_SYSTEM_POINTS, TICKET_SYSTEM_PRESETS } from '../../src/services/faults/ticket-system-faults.ts';
import { commandBlocks, readyLineOf } from './commands.ts';
import { DOCUMENTS } from './documents.ts';

/** A preset of a service, or a rule that it can read. */
function isPlan(plan: string, presets: object, points: FaultPoints): boolean {
  if (!plan.includes(':')) return Object.hasOwn(presets, plan);
  return readRule(plan, points).probability > 0;
}

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

  it('name only lines to break, services, presets and demos that exist', async () => {
    const texts = (await Promise.all(DOCUMENTS.map(read))).join('\n');
    const named = (pattern: RegExp) => [...new Set([...texts.matchAll(pattern)].map(([, name = '']) => name))];
    const lines = named(/npm run break -- ([a-z-]+)/g);
    const breaks = (await read('demos/live-fix/broken-lines.ts')).matchAll(/^ {2}'([a-z-]+)': [A-Z_]+,$/gm);
    expect(lines.length).toBeGreaterThan(3);
    expect(lines.toSorted()).toEqual([...breaks].map(([, name]) => name).toSorted());

    const demos = named(/npm run demo -- ([a-z][a-z-]*)/g);
    const source = await read('demos/walk-throughs/main.ts');
    const table = /const DEMOS[^{]*\{\n([\s\S]*?)\n\};/.exec(source)?.[1] ?? '';
    const known = [...table.matchAll(/^ {2}'?([a-z-]+)'?: \{/gm)].map(([, name]) => name);
    expect(known.length).toBeGreaterThan(8);
    expect(demos.toSorted()).toEqual(known.toSorted());

    const ticketSystem = named(/npm run faults -- ticket-system ((?!-)\S+?)(?=[\s`]|$)/g);
    const accountApi = named(/npm run faults -- account-api ((?!-)\S+?)(?=[\s`]|$)/g);
    expect(named(/npm run faults -- ([a-z][a-z-]*)/g).toSorted()).toEqual(['account-api', 'ticket-system']);
    expect([...ticketSystem, ...accountApi].filter((plan) => plan.includes(':')).length).toBeGreaterThan(2);
    expect(ticketSystem.filter((plan) => !isPlan(plan, TICKET_SYSTEM_PRESETS, TICKET_SYSTEM_POINTS))).toEqual([]);
    expect(accountApi.filter((plan) => !isPlan(plan, ACCOUNT_PRESETS, ACCOUNT_POINTS))).toEqual([]);
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

  it('are distinguished: those that end, and those that run until they are stopped', () => {
    expect(readyLineOf('FAULTS=rare npm start')).toBeDefined();
    expect(readyLineOf('npm run worker:watch')).toBeDefined();
    expect(readyLineOf('npm run starter -- order')).toBeUndefined();
  });
});
