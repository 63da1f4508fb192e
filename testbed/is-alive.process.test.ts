import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from '@jest/globals';
import { waitUntil } from '../src/platform/processes/wait-until.ts';
import { isAlive } from './is-alive.ts';
import { untilStopped } from './until-stopped.ts';

const NEVER_A_PROCESS = 2 ** 22 + 1;

/** https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
test('this process is alive, and so is one of another user', () => {
  expect(isAlive(process.pid)).toBe(true);
  expect(isAlive(1)).toBe(true);
});

test('a process that does not exist is not alive', () => {
  expect(isAlive(NEVER_A_PROCESS)).toBe(false);
});

test('a killed process that its parent has not reaped is not alive', async () => {
  const parent = spawn('sh', ['-c', 'sleep 60 & echo $!; wait'], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const [printed] = await once(parent.stdout, 'data');
    const child = Number(String(printed));
    expect(isAlive(child)).toBe(true);
    // A stopped parent reaps nobody.
    parent.kill('SIGSTOP');
    await untilStopped(Number(parent.pid));
    process.kill(child, 'SIGKILL');
    await waitUntil(() => !isAlive(child), { what: 'the child to count as gone', timeoutMs: 60_000 });
    // It still exists, as a zombie.
    expect(() => process.kill(child, 0)).not.toThrow();
  } finally {
    parent.kill('SIGKILL');
  }
});
