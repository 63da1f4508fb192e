import type { ChildProcess } from 'node:child_process';

export interface WorkerProgram {
  /** Kills it as a crash would, and starts it again. */
  crash(): Promise<void>;
  stop(): Promise<void>;
  /** Rejects when it ends by itself. */
  readonly failed: Promise<never>;
}

/**
 * Runs a worker as a child process.
 * @param start starts it; the process itself must be the worker, since no other one is killed
 */
export async function runWorkerProgram(start: () => ChildProcess | Promise<ChildProcess>): Promise<WorkerProgram> {
  let fail: (error: Error) => void = () => undefined;
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  // Whoever waits for the orders hears of it.
  failed.catch(() => undefined);

  async function run() {
    const child = await start();
    let isStopping = false;
    const ended = new Promise<void>((resolve) => {
      child.once('error', (error) => {
        fail(new Error('expectExactlyOne: the worker program could not be started', { cause: error }));
        resolve();
      });
      child.once('exit', (code, signal) => {
        if (!isStopping) fail(new Error(`expectExactlyOne: the worker program ended by itself (${signal ?? code})`));
        resolve();
      });
    });
    return async () => {
      isStopping = true;
      child.kill('SIGKILL');
      await ended;
    };
  }

  let kill = await run();
  return {
    async crash() {
      await kill();
      kill = await run();
    },
    stop: () => kill(),
    failed,
  };
}
