import { execFile } from 'node:child_process';
import { cp, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { MINIMAL_ENVIRONMENT } from '../../src/platform/processes/minimal-environment.ts';
import { PROJECT_FOLDER } from '../../src/platform/processes/project-folder.ts';
import { copySource } from '../../testbed/source-copy.ts';
import { inTerminal } from '../../testbed/terminal/terminal.ts';
import { gitHasLocalChanges } from './source-break.ts';

const run = promisify(execFile);
const RED = 1;
const GREEN = 2;

test('break and fix show the change in colour, in 80 columns, and git decides about local changes', async () => {
  const source = await copySource(PROJECT_FOLDER);
  try {
    for (const name of ['demos', 'testbed']) {
      await cp(path.join(PROJECT_FOLDER, name), path.join(source.root, name), { recursive: true });
    }
    const file = 'src/worker/create-worker.ts';
    const read = () => readFile(path.join(source.root, file), 'utf8');
    const original = await read();
    /** Runs a program in the copy: its exit code, what it shows, and the colour of the rows that begin with a sign. */
    const command = (program: string, ...args: readonly string[]) =>
      inTerminal(
        {
          command: process.execPath,
          args: ['scripts/run.mjs', `demos/live-fix/${program}-main.ts`, ...args],
          cwd: source.root,
          env: { ...MINIMAL_ENVIRONMENT, DATABASE_DIR: source.root },
          columns: 80,
          rows: 24,
        },
        async ({ exitCode, allRows, emulator }) => {
          const code = await exitCode;
          const rows = allRows();
          const colourOf = (sign: string) => {
            const row = rows.findIndex((each) => each.startsWith(`${sign} `));
            return emulator.buffer.active.getLine(row)?.getCell(0)?.getFgColor();
          };
          return { code, text: rows.join('\n'), removed: colourOf('-'), added: colourOf('+') };
        },
      );

    // Where there is no git, the saved copy decides.
    expect(await gitHasLocalChanges(source.root, file)).toBeUndefined();
    const broken = await command('break', 'wrong-port');
    expect(broken).toMatchObject({ code: 0, removed: RED, added: GREEN });
    expect(broken.text).toMatch(/^broke src\/worker\/create-worker\.ts:\d+ \(wrong-port\)\n/);
    expect(broken.text).toContain('No worker runs here at the moment: npm start starts everything');
    expect(broken.text).toContain('fix it:  npm run fix');
    expect(await read()).toContain('127.0.0.1:3999');
    const fixed = await command('fix');
    expect(fixed).toMatchObject({ code: 0, removed: RED, added: GREEN });
    expect(await read()).toBe(original);

    const git = (...args: readonly string[]) => run('git', ['-C', source.root, ...args]);
    await git('init', '--quiet');
    await git('add', file);
    await git('-c', 'user.name=a', '-c', 'user.email=a@example.com', 'commit', '--quiet', '-m', 'a');
    expect(await gitHasLocalChanges(source.root, file)).toBe(false);
    expect(await gitHasLocalChanges(source.root, 'package.json')).toBeUndefined();
    await writeFile(path.join(source.root, file), `${original}\n`);
    expect(await gitHasLocalChanges(source.root, file)).toBe(true);
    const refused = await command('break', 'wrong-port');
    expect(refused.code).toBe(1);
    expect(refused.text).toMatch(/^src\/worker\/create-worker\.ts has changes of yours: commit them/);
    expect(await read()).toBe(`${original}\n`);
  } finally {
    await source.remove();
  }
});
