import { type ChildProcess, spawn } from 'node:child_process';
import pLimit from 'p-limit';
import { readOutput } from '../../../src/platform/processes/child-output.ts';
import { MINIMAL_ENVIRONMENT } from '../../../src/platform/processes/minimal-environment.ts';
import { PROJECT_FOLDER } from '../../../src/platform/processes/project-folder.ts';
import { pollersOf } from '../../../src/starter/pollers.ts';
import { type OrderEnvironment, within } from '../order-environment.ts';

/** Longer than any starter of these tests takes, even on a busy machine. */
const TIMEOUT_MS = 120_000;

/** More starters at once would take CPU time from the worker, which would then miss its deadlines. */
const limit = pLimit(4);

const running = new Set<ChildProcess>();

/** Kills the starters that a failed test has left behind. */
export function killStarters(): void {
  for (const child of running) child.kill('SIGKILL');
}

export interface StarterEnd {
  readonly exitCode: number | null;
  readonly stdout: readonly string[];
  readonly stderr: readonly string[];
}

/** Waits until the server knows the worker: until then a starter says that there is none. */
export async function untilPolled({
  client,
  taskQueue,
}: Pick<OrderEnvironment, 'client' | 'taskQueue'>): Promise<void> {
  await within('the worker to poll', async () => (await pollersOf(client, taskQueue)).length > 0);
}

type StarterProcess = ReturnType<typeof spawnStarter>;

/** Starts `npm run starter -- <args>` in a process of its own, as users do. At most four run at a time. */
export function startStarter(args: readonly string[], settings: NodeJS.ProcessEnv): Promise<StarterProcess> {
  return new Promise((resolve) => {
    void limit(async () => {
      const starter = spawnStarter(args, settings);
      resolve(starter);
      await starter.ended;
    });
  });
}

/** Runs `npm run starter -- <args>` to its end. */
export async function runStarterProcess(
  args: readonly string[],
  settings: NodeJS.ProcessEnv = {},
): Promise<StarterEnd> {
  return (await startStarter(args, settings)).ended;
}

function spawnStarter(args: readonly string[], settings: NodeJS.ProcessEnv) {
  const child = spawn(process.execPath, ['scripts/run.mjs', 'src/starter/main.ts', ...args], {
    cwd: PROJECT_FOLDER,
    env: { ...MINIMAL_ENVIRONMENT, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: TIMEOUT_MS,
    killSignal: 'SIGKILL',
  });
  running.add(child);
  const stdout: string[] = [];
  const stderr: string[] = [];
  const output = readOutput([child.stdout], (line) => stdout.push(line));
  readOutput([child.stderr], (line) => stderr.push(line));
  const ended = new Promise<StarterEnd>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode) => {
      running.delete(child);
      resolve({ exitCode, stdout, stderr });
    });
  });
  return {
    ended,
    /** What the shell does when the reader of a pipe exits. */
    closeStdout: () => child.stdout.destroy(),
    /** Ctrl-C. */
    interrupt: () => child.kill('SIGINT'),
    /** Waits for a matching line on stdout. */
    async untilLine(expression: RegExp): Promise<void> {
      const printed = output.lineMatching(expression).then(() => undefined);
      const end = await Promise.race([printed, ended]);
      if (end !== undefined)
        throw new Error(`expected a line that matches ${expression}, but the starter exited: ${JSON.stringify(end)}`);
    },
  };
}
