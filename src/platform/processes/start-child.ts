import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { errorCode, errorMessage } from '../../contracts/errors.ts';
import { type ChildOutput, readOutput } from './child-output.ts';

const GUARD = fileURLToPath(new URL('guard.mjs', import.meta.url));
const GUARD_GRACE_MS = 5_000;

export interface ChildOptions {
  /** For messages, such as `worker`. */
  readonly name: string;
  readonly command: string;
  readonly args?: readonly string[];
  readonly cwd?: string;
  /** The complete environment of the child; default that of this process. */
  readonly env?: NodeJS.ProcessEnv;
  /**
   * True for a command that cannot detect by itself that its parent is gone: it runs under a guard process, which stops it
   * then, and reads its output even while this process does not. Our own programs call `exitWithParent` and never wait for
   * a reader. Default false.
   */
  readonly guarded?: boolean;
  /**
   * The descriptor of an open file that a guarded command inherits, so that a lock on it lasts as long as the command, even
   * after SIGKILL of this process and of the guard. Default none.
   */
  readonly inheritedFile?: number | undefined;
  /** Called with each line of its output. */
  readonly onLine?: (line: string) => void;
}

export interface ChildExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface Child {
  readonly name: string;
  /** The process id of the command itself, also when it is guarded. */
  readonly pid: number;
  readonly output: ChildOutput;
  /** Never rejects. */
  readonly exited: Promise<ChildExit>;
  /** SIGTERM, and SIGKILL to its process group if it has not exited after `graceMs`. */
  stop(graceMs: number): Promise<ChildExit>;
  /** SIGKILL to its process group. */
  kill(): Promise<ChildExit>;
}

/**
 * Starts a command in its own process group, so that Ctrl-C in the terminal reaches only this process, and with an IPC
 * channel, which tells it when this process is gone. When it exits, the rest of its group is killed.
 * @throws when the command cannot be started
 */
export async function startChild(options: ChildOptions): Promise<Child> {
  const {
    name,
    command,
    args = [],
    cwd,
    env = process.env,
    guarded = false,
    inheritedFile,
    onLine = () => undefined,
  } = options;
  const inherited = inheritedFile === undefined ? [] : [inheritedFile];
  const [file, fileArgs] = guarded
    ? [
        process.execPath,
        [GUARD, '--relay', ...(inherited.length > 0 ? ['--with-file'] : []), String(GUARD_GRACE_MS), command, ...args],
      ]
    : [command, [...args]];
  const child = spawn(file, fileArgs, {
    cwd,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc', ...inherited],
  });
  const output = readOutput(
    [child.stdout, child.stderr].filter((stream) => stream !== null),
    onLine,
  );
  const exited = endOf(child);
  const pid = await pidOf(child, exited, output, { name, guarded });
  const kill = () => {
    // Its group was killed when it exited. By now another program may have its process id.
    if (child.exitCode === null && child.signalCode === null) killGroup(child);
    return exited;
  };
  return {
    name,
    pid,
    output,
    exited,
    kill,
    stop: async (graceMs) => {
      child.kill('SIGTERM');
      const exit = await Promise.race([exited, pause(graceMs, undefined, { ref: false })]);
      return exit ?? kill();
    },
  };
}

/** `ended with exit code 1`, `was killed by SIGKILL` */
export function describeExit({ code, signal }: ChildExit): string {
  return signal === null ? `ended with exit code ${code}` : `was killed by ${signal}`;
}

async function pidOf(
  child: ChildProcess,
  exited: Promise<ChildExit>,
  output: ChildOutput,
  { name, guarded }: { name: string; guarded: boolean },
): Promise<number> {
  // Subscribe first: the guard may report before 'spawn' has been handled.
  const reported = guarded ? once(child, 'message') : undefined;
  reported?.catch(() => undefined);
  try {
    if (child.pid === undefined) await once(child, 'spawn');
    if (reported === undefined && child.pid !== undefined) return child.pid;
    const message = await Promise.race([reported, exited.then(() => undefined)]);
    const pid: unknown = message?.[0]?.pid;
    if (typeof pid === 'number') return pid;
    throw new Error(output.tail().join('\n'));
  } catch (error) {
    const reason = errorMessage(error);
    throw new Error(`${name} could not be started: ${reason}`, { cause: error });
  }
}

async function endOf(child: ChildProcess): Promise<ChildExit> {
  const closed = new Promise((resolve) => child.once('close', resolve));
  const exit = await new Promise<ChildExit>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
    child.once('error', () => resolve({ code: 127, signal: null }));
  });
  killGroup(child);
  // The last lines are still in the pipe, but a grandchild outside the group may keep the pipe open for ever.
  await Promise.race([closed, pause(1_000, undefined, { ref: false })]);
  return exit;
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch (error) {
    // ESRCH: the group has no process any more.
    if (errorCode(error) !== 'ESRCH') throw error;
  }
}
