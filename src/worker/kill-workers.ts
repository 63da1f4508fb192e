import { durationText } from '../contracts/times.ts';
import { waitUntil } from '../platform/processes/wait-until.ts';
import { isRecordHeld, killRecorded } from './process-record.ts';
import { type RunningWorker, runningWorkers, type WorkerQueue } from './running-workers.ts';

const GONE_WITHIN_MS = 5_000;

/** What became of the workers that were to be killed. */
export interface KillReport {
  /** For people. */
  readonly lines: readonly string[];
  /** Whether at least one worker was killed, and none of this queue is left. */
  readonly ok: boolean;
}

/**
 * Kills with SIGKILL all workers of a task queue that have recorded themselves in this database folder.
 * @param nowMs epoch milliseconds
 */
export async function killWorkers(databaseDir: string, queue: WorkerQueue, nowMs: number): Promise<KillReport> {
  const workers = await runningWorkers(databaseDir);
  const ours = workers.filter(({ details }) => isSame(details, queue));
  if (ours.length === 0) return { lines: noneRuns(queue, workers), ok: false };
  const reports = await Promise.all(ours.map((worker) => kill(worker, nowMs)));
  const ok = reports.every((report) => report.killed);
  const next = ok ? ['if npm start is running, it starts a new one in 10 s; npm run worker starts one now'] : [];
  return { lines: [...reports.map(({ line }) => line), ...next], ok };
}

async function kill(
  worker: RunningWorker,
  nowMs: number,
): Promise<{ readonly line: string; readonly killed: boolean }> {
  const { processId, details, path } = worker;
  if (!(await killRecorded(worker))) {
    const line = `the worker, process ${processId} on host ${details.host}, belongs to another user, container or machine: kill it there`;
    return { line, killed: false };
  }
  await waitUntil(async () => !(await isRecordHeld(path)), {
    what: `the end of process ${processId}`,
    timeoutMs: GONE_WITHIN_MS,
  });
  const line = `killed the worker, process ${processId} (SIGKILL), which had been running for ${durationText(nowMs - details.startedAtMs)}`;
  return { line, killed: true };
}

function noneRuns(queue: WorkerQueue, others: readonly RunningWorker[]): readonly string[] {
  return [
    `no worker of the task queue ${queue.taskQueue} at ${queue.temporal} runs here: npm start or npm run worker starts one`,
    ...others.map(({ processId, details: { temporal, namespace, taskQueue } }) =>
      [
        `process ${processId} is a worker of another: TEMPORAL_ADDRESS=${temporal} TASK_QUEUE=${taskQueue}`,
        ...(namespace === queue.namespace ? [] : [`TEMPORAL_NAMESPACE=${namespace}`]),
      ].join(' '),
    ),
  ];
}

function isSame(one: WorkerQueue, other: WorkerQueue): boolean {
  return one.temporal === other.temporal && one.namespace === other.namespace && one.taskQueue === other.taskQueue;
}
