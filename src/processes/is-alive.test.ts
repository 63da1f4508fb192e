import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from '@jest/globals';
import { isAlive } from './is-alive.ts';
import { waitUntil } from './wait-until.ts';

const NEVER_A_PROCESS = 2 ** 22 + 1;

test('this process is alive, and so is one of somebody else', () => {
  expect(isAlive(process.pid)).toBe(true);
  expect(isAlive(1)).toBe(true);
});

test('a process that there is not is not alive', () => {
  expect(isAlive(NEVER_A_PROCESS)).toBe(false);
});

test('a process that was killed and that its parent does not reap is not alive', async () => {
  // A shell that becomes `sleep` never asks for its children again.
  const parent = spawn('sh', ['-c', 'sleep 60 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const [printed] = await once(parent.stdout, 'data');
    const child = Number(String(printed));
    expect(isAlive(child)).toBe(true);
    process.kill(child, 'SIGKILL');
    await waitUntil(() => !isAlive(child), { what: 'the child to count as gone', timeoutMs: 5_000 });
    // It is still there, as a zombie.
    expect(() => process.kill(child, 0)).not.toThrow();
  } finally {
    parent.kill('SIGKILL');
  }
});
