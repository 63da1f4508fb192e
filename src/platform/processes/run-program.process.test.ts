import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, openSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { MINIMAL_ENVIRONMENT } from './minimal-environment.ts';
import { PROJECT_FOLDER } from './project-folder.ts';

const PRINTS = 'src/platform/processes/prints.fixture.ts';

function start(program: string, args: readonly string[], stdout: 'pipe' | number) {
  return spawn(process.execPath, ['scripts/run.mjs', program, ...args], {
    cwd: PROJECT_FOLDER,
    env: MINIMAL_ENVIRONMENT,
    stdio: ['ignore', stdout, 'pipe'],
  });
}

test('a result reaches a reader who takes his time', async () => {
  const child = start(PRINTS, ['2000'], 'pipe');
  // Nobody reads until the program has printed everything and would end; it begins to print when it has started.
  if (child.stdout !== null) await once(child.stdout, 'readable');
  await pause(1_500);
  let bytes = 0;
  child.stdout?.on('data', (chunk) => (bytes += chunk.length));
  expect(await once(child, 'close')).toEqual([0, null]);
  expect(bytes).toBe(2_000_000);
});

test('a reader that has seen enough is no failure', async () => {
  const child = start(PRINTS, ['2000'], 'pipe');
  child.stdout?.once('data', () => child.stdout?.destroy());
  let stderr = '';
  child.stderr?.on('data', (chunk) => (stderr += String(chunk)));
  expect([await once(child, 'close'), stderr]).toEqual([[0, null], '']);
});

(existsSync('/dev/full') ? describe : describe.skip)('a result that cannot be written fails', () => {
  test.each([
    ['the starter', 'src/starter/main.ts', ['order', '--help']],
    ['the audit', 'src/services/ticket-system/audit-main.ts', ['--json']],
    ['the help of the audit', 'src/services/ticket-system/audit-main.ts', ['--help']],
    ['the reset', 'src/services/account-api/reset-main.ts', ['--help']],
    ['the help of a service', 'src/services/ticket-system/main.ts', ['--help']],
    ['the help of the worker', 'src/worker/main.ts', ['--help']],
    ['a lab', 'demos/labs/main.ts', ['--json']],
    ['the comparison', 'evidence/comparison/main.ts', ['--help']],
    ['the simulation', 'evidence/simulation/main.ts', ['--seed', '7']],
    ['many lines', PRINTS, ['100']],
  ])('%s', async (_, program, args) => {
    const child = start(program, args, openSync('/dev/full', 'w'));
    let stderr = '';
    child.stderr?.on('data', (chunk) => (stderr += String(chunk)));
    const [exitCode] = await once(child, 'close');
    expect(stderr).toMatch(/^standard output could not be written: ENOSPC.*\n$/);
    expect(exitCode).toBe(1);
  });
});
