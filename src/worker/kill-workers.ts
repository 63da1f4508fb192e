import { errorMessage } from '../contracts/errors.ts';
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
  const unreadable: string[] = [];
  const workers = await runningWorkers(databaseDir, (error) =>
    unreadable.push(`a record of a worker cannot be opened: ${errorMessage(error)}`),
  );
  const ours = workers.filter(({ details }) => isSame(details, queue));
  if (ours.length === 0) return { lines: [...noneRuns(queue, workers), ...unreadable], ok: false };
  const reports = await Promise.all(ours.map((worker) => kill(worker, nowMs)));
  const ends = reports.map(({ end }) => end);
  const ok = ends.includes('killed') && !ends.includes('runs');
  const next = ok ? ['if npm start is running, it starts a new one in 10 s; npm run worker starts one now'] : [];
  return { lines: [...reports.map(({ line }) => line), ...next, ...unreadable], ok };
}

interface WorkerReport {
  readonly line: string;
  readonly end: 'killed' | 'had ended' | 'runs';
}

async function kill(worker: RunningWorker, nowMs: number): Promise<WorkerReport> {
  const { processId, details, path } = worker;
  if (!(await killRecorded(worker))) {
    if (!(await isRecordHeld(path))) {
      return { line: `the worker, process ${processId}, has just ended`, end: 'had ended' };
    }
    const line = `the worker, process ${processId} on host ${details.host}, belongs to another user, container or machine: kill it there`;
    return { line, end: 'runs' };
  }
  await waitUntil(async () => !(await isRecordHeld(path)), {
    what: `the end of process ${processId}`,
    timeoutMs: GONE_WITHIN_MS,
  });
  const line = `killed the worker, process ${processId} (SIGKILL), which had been running for ${durationText(nowMs - details.startedAtMs)}`;
  return { line, end: 'killed' };
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
