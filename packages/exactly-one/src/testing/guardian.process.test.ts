import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

const POLL_MS = 20;

test('a process that is guarded ends with the one that has started it, although that is killed by SIGKILL', async () => {
  const program = fileURLToPath(new URL('./guardian.fixture.ts', import.meta.url));
  const parent = spawn(process.execPath, ['scripts/run.mjs', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(createInterface({ input: parent.stdout }), 'line');
  const guarded = Number(line);
  expect(isAlive(guarded)).toBe(true);
  parent.kill('SIGKILL');
  while (isAlive(guarded)) await pause(POLL_MS);
}, 60_000);

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
