import { type ChildProcess, spawn } from 'node:child_process';
import { startGuardian } from './guardian.ts';

/** What a worker program needs to know. */
export interface WorkerSettings {
  readonly address: string;
  readonly namespace: string;
  readonly taskQueue: string;
  /** Of the scripted service, without a trailing slash. */
  readonly serviceUrl: string;
}

/** How many lines of a program are shown when it fails. */
const SHOWN_LINES = 20;

export interface WorkerProgram {
  /** Kills it as a crash would, and starts it again. */
  crash(): Promise<void>;
  stop(): Promise<void>;
  /** Rejects when it ends by itself. */
  readonly failed: Promise<never>;
}

/** Starts a program with this Node, which finds its settings in its environment. */
export function startProgram(file: string, settings: WorkerSettings): ChildProcess {
  return spawn(process.execPath, [file], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      ...process.env,
      TEMPORAL_ADDRESS: settings.address,
      TEMPORAL_NAMESPACE: settings.namespace,
      TASK_QUEUE: settings.taskQueue,
      SERVICE_URL: settings.serviceUrl,
    },
  });
}

/**
 * Runs a worker as a child process. It is killed when this process ends, too.
 * @param start starts it; the process itself must be the worker, since no other one is killed. What it prints on a
 *   stderr that is a pipe is shown when it fails.
 */
export async function runWorkerProgram(start: () => ChildProcess | Promise<ChildProcess>): Promise<WorkerProgram> {
  let fail: (error: Error) => void = () => undefined;
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  // Whoever waits for the orders hears of it.
  failed.catch(() => undefined);

  let isStopped = false;
  const guardian = startGuardian();

  async function run() {
    const child = await start();
    const { pid } = child;
    if (pid !== undefined) guardian.guard(pid);
    const printed = lastLinesOf(child);
    let isStopping = false;
    const ended = new Promise<void>((resolve) => {
      child.once('error', (error) => {
        fail(new Error('expectExactlyOne: the worker program could not be started', { cause: error }));
        resolve();
      });
      // Not at its exit: only now has everything been read that it printed.
      child.once('close', (code, signal) => {
        const how = signal === null ? `with exit code ${code}` : `by ${signal}`;
        if (pid !== undefined) guardian.release(pid);
        if (!isStopping) fail(new Error(`expectExactlyOne: the worker program ended by itself, ${how}${printed()}`));
        resolve();
      });
    });
    return async () => {
      isStopping = true;
      child.kill('SIGKILL');
      await ended;
    };
  }

  let running = run();
  try {
    await running;
  } catch (error) {
    guardian.close();
    throw error;
  }
  return {
    async crash() {
      const kill = await running;
      await kill();
      if (isStopped) return;
      running = run();
      await running;
    },
    async stop() {
      isStopped = true;
      // It may just be starting again, or have failed to.
      const kill = await running.catch(() => undefined);
      await kill?.();
      guardian.close();
    },
    failed,
  };
}

function lastLinesOf({ stderr }: ChildProcess): () => string {
  let text = '';
  stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    text = `${text}${chunk}`
      .split('\n')
      .slice(-SHOWN_LINES - 1)
      .join('\n');
  });
  return () => (text.trim() === '' ? '' : `:\n${text.trimEnd()}`);
}
