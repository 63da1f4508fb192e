import { execFileSync } from 'node:child_process';
import { waitUntil } from '../src/platform/processes/wait-until.ts';

/** Waits until SIGSTOP has stopped a process: the signal is only on its way when `kill` returns. */
export async function untilStopped(pid: number): Promise<void> {
  const state = () => execFileSync('ps', ['-o', 'state=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  await waitUntil(() => state().startsWith('T'), { what: `process ${pid} to be stopped`, timeoutMs: 30_000 });
}
