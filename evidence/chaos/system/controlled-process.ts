import { setTimeout as pause } from 'node:timers/promises';
import pLimit from 'p-limit';
import { errorCode, errorMessage } from '../../../src/contracts/errors.ts';
import { type ChildExit, describeExit } from '../../../src/platform/processes/start-child.ts';
import type { ProcessName, StopKind } from '../plan/stops.ts';

/** A process that runs; a `Child` and a `DevServer` are such. */
export interface RunningProcess {
  readonly pid: number;
  readonly exited: Promise<ChildExit>;
  stop(graceMs: number): Promise<ChildExit>;
  kill(): Promise<ChildExit>;
}

/** A process that is stopped in every way and always comes back. */
export interface ControlledProcess {
  readonly name: ProcessName;
  /** Stops it and has it back when this resolves; stops of one process wait for each other. */
  stop(kind: StopKind, forMs: number, onStopped?: () => void): Promise<void>;
  /** Ends it for good. */
  end(): Promise<void>;
}

const STOP_GRACE_MS = 15_000;
/** A start may meet another process that is away at that moment. */
const MOST_STARTS = 3;

/**
 * Starts a process and keeps it under control.
 * @param onUnexpected told when it has ended by itself; it is started again
 */
export async function controlProcess(
  name: ProcessName,
  start: () => Promise<RunningProcess>,
  onUnexpected: (what: string) => void,
): Promise<ControlledProcess> {
  const inTurn = pLimit(1);
  let running: RunningProcess;
  let expected: RunningProcess | undefined;

  async function begin(): Promise<void> {
    const begun = await startPatiently(start);
    running = begun;
    void begun.exited.then((exit) => {
      if (expected === begun) return;
      onUnexpected(`${name} ${describeExit(exit)}, which nobody had asked for`);
      inTurn(() => (running === begun && expected !== begun ? begin() : undefined)).catch((error: unknown) =>
        onUnexpected(`${name} could not be started again: ${errorMessage(error)}`),
      );
    });
  }
  await begin();

  async function bringDown(how: (process: RunningProcess) => Promise<unknown>): Promise<void> {
    expected = running;
    await how(running);
  }

  return {
    name,
    stop: (kind, forMs, onStopped = () => undefined) =>
      inTurn(async () => {
        onStopped();
        if (kind === 'SIGSTOP') {
          await freeze(running.pid, forMs);
          return;
        }
        await bringDown((process) => (kind === 'SIGKILL' ? process.kill() : process.stop(STOP_GRACE_MS)));
        await pause(forMs);
        await begin();
      }),
    end: () => inTurn(() => bringDown((process) => process.stop(STOP_GRACE_MS))),
  };
}

async function startPatiently(start: () => Promise<RunningProcess>): Promise<RunningProcess> {
  for (let starts = 1; ; starts += 1) {
    try {
      return await start();
    } catch (error) {
      if (starts === MOST_STARTS) throw error;
    }
  }
}

const frozen = new Set<number>();
// One that stands still cannot notice that this process is gone.
process.once('exit', () => {
  for (const processId of frozen) signal(processId, 'SIGCONT');
});

async function freeze(processId: number, forMs: number): Promise<void> {
  frozen.add(processId);
  signal(processId, 'SIGSTOP');
  await pause(forMs);
  signal(processId, 'SIGCONT');
  frozen.delete(processId);
}

/** It may have ended by itself, which is told elsewhere. */
function signal(processId: number, name: NodeJS.Signals): void {
  try {
    process.kill(processId, name);
  } catch (error) {
    if (errorCode(error) !== 'ESRCH') throw error;
  }
}
