import { DefaultLogger, type LogEntry, type Logger as SdkLogger } from '@temporalio/worker';
import { errorMessage } from '../contracts/errors.ts';
import { RUN_LOG, TASK_WAITS } from '../contracts/run-log.ts';
import type { Logger } from '../platform/logging/logger.ts';
import { readCallError, readTaskFailure } from './native-log.ts';
import { createRunsOfWorker } from './runs-of-worker.ts';

/** Fields that are left out: they are the same in each line, or only for the server. */
const OMITTED: readonly string[] = [
  'taskToken',
  'isLocal',
  'namespace',
  'taskQueue',
  'activityId',
  'workflowRunId',
  'workflowType',
  'sdkComponent',
];

/** While the server cannot be called, one line in this time says so, and not every call. */
const REMIND_AFTER_MS = 10_000;

interface Line {
  readonly level: 'trace' | 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/**
 * The SDK's log entries as pino's lines. What our interceptors and programs say better is only for debugging. What the
 * native part of the SDK says becomes readable.
 * @param nowMs a monotonic clock; default `performance.now`
 */
export function sdkLogger(logger: Logger, nowMs: () => number = () => performance.now()): SdkLogger {
  const translate = createTranslation(nowMs);
  return new DefaultLogger('TRACE', ({ level, message, meta = {} }: LogEntry) => {
    const given: Line = { level: LEVELS[level], message, fields: without(meta, OMITTED) };
    const line = translate[componentOf(meta.sdkComponent)](given);
    logger[line.level](line.fields, line.message);
  });
}

const LEVELS = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;

type Component = 'worker' | 'workflow' | 'core';

function createTranslation(nowMs: () => number): Readonly<Record<Component | 'other', (line: Line) => Line>> {
  const runs = createRunsOfWorker();
  let remindedAtMs = Number.NEGATIVE_INFINITY;

  /** Several parts of the SDK report the same failure. */
  const taskFailed = (line: Line, failure: string): Line => ({
    level: runs.failed(line.fields.runId, failure, nowMs()) ? 'error' : 'debug',
    message: RUN_LOG.taskFailed,
    fields: { ...line.fields, note: TASK_WAITS },
  });

  return {
    worker(line) {
      const { workflowId, runId } = line.fields;
      switch (line.message) {
        case 'Workflow started':
          runs.add(runId, workflowId);
          return line;
        case 'Activity failed':
        case 'Workflow failed':
          return { ...line, level: 'debug' };
        case 'Failed to process Workflow Activation':
          return taskFailed(line, errorMessage(line.fields.error));
        default:
          // The program logs the start and the stop of the worker itself.
          return line.level === 'info' ? { ...line, level: 'debug' } : line;
      }
    },

    workflow(line) {
      const { workflowId, runId, error } = line.fields;
      if (line.message === RUN_LOG.taskFailed) return taskFailed(line, errorMessage(error));
      if (!line.message.startsWith(RUN_LOG.resumed)) return line;
      return runs.add(runId, workflowId) ? line : { ...line, level: 'debug' };
    },

    core(line) {
      const { runId, failure, error } = line.fields;
      if (line.message === 'Failing workflow task') {
        const failed = readTaskFailure(String(failure));
        const fields = { workflowId: runs.workflowIdOf(runId), ...without(line.fields, ['failure']), error: failed };
        return taskFailed({ ...line, fields }, failed.message);
      }
      if (typeof error !== 'string') return line;
      const reason = readCallError(error);
      if (!line.message.startsWith('gRPC call')) return { ...line, fields: { ...line.fields, error: reason } };
      if (nowMs() - remindedAtMs < REMIND_AFTER_MS) return { ...line, level: 'debug' };
      remindedAtMs = nowMs();
      const message = `the Temporal server does not respond (${reason}); the worker keeps trying`;
      return { ...line, message, fields: { ...without(line.fields, ['error']), call: line.message } };
    },

    other: (line) => line,
  };
}

function componentOf(component: unknown): Component | 'other' {
  return component === 'worker' || component === 'workflow' || component === 'core' ? component : 'other';
}

function without(fields: object, names: readonly string[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)));
}
