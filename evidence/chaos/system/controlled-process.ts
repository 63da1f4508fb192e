import { setTimeout as pause } from 'node:timers/promises';
import pLimit from 'p-limit';
import { errorCode, errorMessage } from '../../../src/contracts/errors.ts';
import type { ChildOutput } from '../../../src/platform/processes/child-output.ts';
import { type ChildExit, describeExit } from '../../../src/platform/processes/start-child.ts';
import type { ProcessName, StopKind } from '../plan/stops.ts';

/** A running process; `Child` and `DevServer` have this shape. */
export interface RunningProcess {
  readonly pid: number;
  readonly exited: Promise<ChildExit>;
  readonly output?: Pick<ChildOutput, 'pause'>;
  stop(graceMs: number): Promise<ChildExit>;
  kill(): Promise<ChildExit>;
}

/** A process that can be stopped in every way and always comes back. */
export interface ControlledProcess {
  readonly name: ProcessName;
  /** Stops it; resolves when it runs again. Stops of one process run one after the other. */
  stop(kind: StopKind, forMs: number, onStopped?: () => void): Promise<void>;
  /**
   * Does not read its log while it is filled between two stops, and then for so long, whatever else happens to it.
   * @param fill makes it log more than its output holds; default nothing
   */
  stallReader(forMs: number, fill?: () => Promise<void>): Promise<void>;
  /** Runs something between two stops. */
  betweenStops<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Stops it for good. */
  end(): Promise<void>;
}

const STOP_GRACE_MS = 15_000;
/** A start fails if a process that it needs is down at that moment. */
const MAX_STARTS = 3;

/**
 * Starts a process and keeps it under control.
 * @param onUnexpected called when it exits on its own; it is then started again
 */
export async function controlProcess(
  name: ProcessName,
  start: () => Promise<RunningProcess>,
  onUnexpected: (what: string) => void,
): Promise<ControlledProcess> {
  const inTurn = pLimit(1);
  let running: RunningProcess;
  let stopping: RunningProcess | undefined;

  async function launch(): Promise<void> {
    const launched = await startWithRetries(start);
    running = launched;
    void launched.exited.then((exit) => {
      if (stopping === launched) return;
      onUnexpected(`${name} exited on its own: it ${describeExit(exit)}`);
      inTurn(() => (running === launched && stopping !== launched ? launch() : undefined)).catch((error: unknown) =>
        onUnexpected(`${name} could not be started again: ${errorMessage(error)}`),
      );
    });
  }
  await launch();

  async function stopRunning(how: (process: RunningProcess) => Promise<unknown>): Promise<void> {
    stopping = running;
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
        await stopRunning((process) => (kind === 'SIGKILL' ? process.kill() : process.stop(STOP_GRACE_MS)));
        await pause(forMs);
        await launch();
      }),
    async stallReader(forMs, fill = async () => undefined) {
      let readOn: (() => void) | undefined;
      try {
        await inTurn(async () => {
          readOn = running.output?.pause();
          await fill();
        });
        await pause(forMs);
      } finally {
        readOn?.();
      }
    },
    betweenStops: (work) => inTurn(work),
    end: () => inTurn(() => stopRunning((process) => process.stop(STOP_GRACE_MS))),
  };
}

async function startWithRetries(start: () => Promise<RunningProcess>): Promise<RunningProcess> {
  for (let starts = 1; ; starts += 1) {
    try {
      return await start();
    } catch (error) {
      if (starts === MAX_STARTS) throw error;
    }
  }
}

const frozen = new Set<number>();
// A frozen process cannot notice that this one is gone, so it would never exit.
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

/** Ignores a process that has exited on its own; `onUnexpected` reports that. */
function signal(processId: number, name: NodeJS.Signals): void {
  try {
    process.kill(processId, name);
  } catch (error) {
    if (errorCode(error) !== 'ESRCH') throw error;
  }
}
