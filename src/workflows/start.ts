import { ApplicationFailure } from '@temporalio/common';
import { workflowInfo } from '@temporalio/workflow';
import { type FailureType, failures } from '../contracts/failures.ts';
import type { StartedRun } from '../contracts/workflow-arguments.ts';

/** The run that this workflow was started as. */
export function startedRun(): StartedRun {
  const { workflowId, continuedFromExecutionRunId } = workflowInfo();
  return { workflowId, isContinued: continuedFromExecutionRunId !== undefined };
}

/**
 * The arguments of this workflow. When they are not valid it fails, since any other error would fail its task, again
 * and again.
 * @param read the arguments, or what is wrong with them
 * @param invalid the type of the failure of a run that continues no other, so that nothing has been done yet
 * @throws a failure of this type, or `CarriedStateInvalid`
 */
export function validArguments<Arguments extends object>(read: Arguments | string, invalid: FailureType): Arguments {
  if (typeof read !== 'string') return read;
  throw ApplicationFailure.nonRetryable(read, startedRun().isContinued ? failures.carriedStateInvalid : invalid);
}
