import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, openSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { PROJECT_FOLDER } from '../processes/project-folder.ts';
import { waitUntil } from '../processes/wait-until.ts';

/** Four times as much as a program keeps for its reader, in lines of a thousand characters. */
const LINES = 5_000;

/** Runs a command on a terminal that it does not read until its stdin has ended. */
const ON_AN_UNREAD_TERMINAL = `
import os, pty, sys
child, terminal = pty.fork()
if child == 0: os.execvp(sys.argv[1], sys.argv[1:])
sys.stdin.read()
`;

let folder: string;
let children: ChildProcess[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stalled-reader-'));
  children = [];
});
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

function start(prefix: readonly string[], stdout: 'pipe' | number = 'pipe') {
  const program = [process.execPath, 'scripts/run.mjs', 'src/platform/logging/logs.fixture.ts', join(folder, 'count')];
  const [command = '', ...args] = [...prefix, ...program];
  const child = spawn(command, args, { cwd: PROJECT_FOLDER, stdio: ['pipe', stdout, 'inherit'] });
  children.push(child);
  return child;
}

/** Waits until the program has logged so many lines, whether or not they were read. */
async function untilLogged(count: number): Promise<void> {
  const file = join(folder, 'count');
  await waitUntil(() => existsSync(file) && Number(readFileSync(file, 'utf8')) >= count, {
    what: `${count} lines to be logged`,
    timeoutMs: 120_000,
  });
}

test('a program goes on while nobody reads its logs, and then says how many lines were dropped', async () => {
  const child = start([]);
  await untilLogged(LINES);
  child.stdin?.write('stop');
  let text = '';
  child.stdout?.on('data', (chunk) => (text += String(chunk)));
  await once(child, 'close');

  const lines = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const reports = lines.filter(({ dropped }) => dropped !== undefined);
  expect(reports).toMatchObject([{ level: 40, name: 'logs', msg: expect.stringContaining('log lines were dropped') }]);
  expect(lines.length - 1 + reports[0].dropped).toBe(Number(readFileSync(join(folder, 'count'), 'utf8')));
});

test('a program goes on while nobody reads its terminal', async () => {
  start(['python3', '-c', ON_AN_UNREAD_TERMINAL]);
  await untilLogged(LINES);
});

(existsSync('/dev/full') ? test : test.skip)('a program goes on while its logs are on a full disk', async () => {
  const child = start([], openSync('/dev/full', 'w'));
  await untilLogged(LINES);
  child.stdin?.write('stop');
  expect(await once(child, 'close')).toEqual([0, null]);
});
