import { ApplicationFailure, ApplicationFailureCategory, TemporalFailure } from '@temporalio/common';
import {
  type ActivateInput,
  ContinueAsNew,
  isCancellation,
  log,
  type WorkflowInterceptors,
} from '@temporalio/workflow';
import { RUN_LOG, TASK_WAITS } from '../contracts/run-log.ts';

type Job = NonNullable<ActivateInput['activation']['jobs']>[number];

/** `temporal.api.enums.v1.TimeoutType`: no worker has started the activity in time. */
const SCHEDULE_TO_START = 2;

/**
 * Logs what people want to know about a run: after which step it resumes on a worker that has read its history, and how
 * it fails. An error that is no failure of Temporal's fails only the workflow task: the workflow waits for better code.
 */
export const interceptors = (): WorkflowInterceptors => {
  const activityTypes = new Map<number, string>();
  let isResuming: boolean | undefined;
  let lastStep = '';
  return {
    inbound: [
      {
        async execute(input, next) {
          try {
            return await next(input);
          } catch (error) {
            logFailure(error);
            throw error;
          }
        },
      },
    ],
    internals: [
      {
        activate(input, next) {
          const { isReplaying, jobs } = input.activation;
          isResuming ??= isReplaying === true;
          if (isResuming) {
            for (const job of jobs ?? []) lastStep = stepOf(job, activityTypes) || lastStep;
            // A query asks for what is known already, and resumes nothing.
            if (!isReplaying && jobs?.some(({ queryWorkflow }) => !queryWorkflow)) {
              isResuming = false;
              activityTypes.clear();
              log.info(RUN_LOG.resumed + (lastStep && ` after ${lastStep}`));
            }
          }
          next(input);
        },
        concludeActivation(input, next) {
          const output = next(input);
          if (isResuming) {
            for (const { scheduleActivity } of output.commands) {
              if (scheduleActivity) activityTypes.set(scheduleActivity.seq ?? 0, scheduleActivity.activityType ?? '');
            }
          }
          return output;
        },
      },
    ],
  };
};

function stepOf({ resolveActivity, fireTimer }: Job, activityTypes: ReadonlyMap<number, string>): string {
  if (fireTimer) return 'its wait';
  const activityType = activityTypes.get(resolveActivity?.seq ?? 0);
  if (!resolveActivity || activityType === undefined) return '';
  const { completed, failed } = resolveActivity.result ?? {};
  if (completed) return activityType;
  const timeout = failed?.failure?.cause?.timeoutFailureInfo;
  if (!timeout) return `${activityType} (failed)`;
  return `${activityType} (${timeout.timeoutType === SCHEDULE_TO_START ? 'no worker started it' : 'outcome unknown'})`;
}

function logFailure(error: unknown): void {
  if (error instanceof ContinueAsNew) return;
  if (!(error instanceof TemporalFailure)) {
    log.error(RUN_LOG.taskFailed, { error, note: TASK_WAITS });
    return;
  }
  const failure = error instanceof ApplicationFailure ? { failure: error.type } : {};
  // A refusal is a result of the business, and a cancellation was asked for: neither is an error.
  const isExpected =
    isCancellation(error) || ('category' in error && error.category === ApplicationFailureCategory.BENIGN);
  log[isExpected ? 'info' : 'warn'](error.message, failure);
}
