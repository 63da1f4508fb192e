import { spawn } from 'node:child_process';

/** Ends with its stdin. Each line is the id of a process that is to be killed then, or with a minus one that has ended. */
const PROGRAM = `
const ids = new Set();
require('node:readline').createInterface({ input: process.stdin })
  .on('line', (line) => { if (line.startsWith('-')) ids.delete(line.slice(1)); else ids.add(line); })
  .on('close', () => { for (const id of ids) try { process.kill(Number(id), 'SIGKILL'); } catch {} });
`;

export interface Guardian {
  /** From now on, the process is killed when this one ends, however that happens. */
  guard(pid: number): void;
  /** It has ended, and another process may get its id. */
  release(pid: number): void;
  /** Kills what is still guarded. */
  close(): void;
}

/**
 * Starts a small process that notices the end of this one, even by SIGKILL. A handler of `exit` would not do: test runners
 * kill their processes, and jest calls none.
 */
export function startGuardian(): Guardian {
  const child = spawn(process.execPath, ['-e', PROGRAM], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  // Without it, workers may be left behind, but the test is as good.
  child.on('error', () => undefined);
  child.stdin.on('error', () => undefined);
  child.unref();
  if ('unref' in child.stdin && typeof child.stdin.unref === 'function') child.stdin.unref();
  return {
    guard: (pid) => void child.stdin.write(`${pid}\n`),
    release: (pid) => void child.stdin.write(`-${pid}\n`),
    close: () => child.stdin.end(),
  };
}
