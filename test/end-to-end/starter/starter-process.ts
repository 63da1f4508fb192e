import { type ChildProcess, spawn } from 'node:child_process';
import pLimit from 'p-limit';
import { readOutput } from '../../../src/platform/processes/child-output.ts';
import { PROJECT_FOLDER } from '../../../src/platform/processes/project-folder.ts';

/** No starter of these tests takes longer, however busy the machine. */
const LONGEST_MS = 45_000;

/** More starters at once would only wait for the processors, and with them the worker for its deadlines. */
const limit = pLimit(4);

const running = new Set<ChildProcess>();

/** Ends what a failed test has left. */
export function killStarters(): void {
  for (const child of running) child.kill('SIGKILL');
}

export interface StarterEnd {
  readonly exitCode: number | null;
  readonly stdout: readonly string[];
  readonly stderr: readonly string[];
}

export type StarterProcess = ReturnType<typeof spawnStarter>;

/** Starts `npm run starter -- <args>` as users do, in a process of its own, once there is a processor for it. */
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
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: LONGEST_MS,
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
    /** Ctrl-C. */
    interrupt: () => child.kill('SIGINT'),
    /** Waits until it has printed such a line on stdout. */
    async untilLine(expression: RegExp): Promise<void> {
      const printed = output.lineMatching(expression).then(() => undefined);
      const end = await Promise.race([printed, ended]);
      if (end !== undefined) throw new Error(`expected ${expression} to be printed, it ended: ${JSON.stringify(end)}`);
    },
  };
}
