import { hostname } from 'node:os';
import { join } from 'node:path';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { type RecordedProcess, recordedProcesses, recordProcess } from './process-record.ts';

const WorkerDetails = Type.Object({
  host: Type.String(),
  /** Of its Temporal server. */
  temporal: Type.String(),
  namespace: Type.String(),
  taskQueue: Type.String(),
  /** The folder of its source. */
  source: Type.String(),
  /** When it began to load its source, in epoch milliseconds. */
  startedAtMs: Type.Number(),
});

/** Where a worker takes its work from. */
export interface WorkerQueue {
  readonly temporal: string;
  readonly namespace: string;
  readonly taskQueue: string;
}

export interface RunningWorker extends RecordedProcess {
  readonly details: Type.Static<typeof WorkerDetails>;
}

const folderIn = (databaseDir: string) => join(databaseDir, 'workers');

/**
 * Records that this worker runs, for programs that kill it or wait for its next start.
 * @returns a function that removes the record
 */
export function recordWorker(
  databaseDir: string,
  details: WorkerQueue & { readonly source: string; readonly startedAtMs: number },
): Promise<() => Promise<void>> {
  return recordProcess(folderIn(databaseDir), { ...details, host: hostname() });
}

/**
 * The workers that run now and have recorded themselves in this database folder.
 * @param onUnreadable called with each record that this user cannot open, which is skipped
 */
export async function runningWorkers(
  databaseDir: string,
  onUnreadable?: (error: unknown) => void,
): Promise<readonly RunningWorker[]> {
  const workers: RunningWorker[] = [];
  for (const { details, ...record } of await recordedProcesses(folderIn(databaseDir), onUnreadable)) {
    if (Value.Check(WorkerDetails, details)) workers.push({ ...record, details });
  }
  return workers;
}
