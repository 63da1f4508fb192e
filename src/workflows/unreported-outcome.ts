import { ActivityFailure, TimeoutFailure, TimeoutType } from '@temporalio/common';
import type { CreateOutcome } from 'exactly-one';

/**
 * What came of a create whose activity did not report it: a worker that died, a time-out while it ran, a cancellation
 * or a bug leave it unknown. Only a create that no worker ever took was not sent.
 * @throws an error of the workflow itself
 */
export function unreportedOutcome(error: unknown): CreateOutcome {
  if (!(error instanceof ActivityFailure)) throw error;
  const { cause } = error;
  if (cause instanceof TimeoutFailure && cause.timeoutType === TimeoutType.SCHEDULE_TO_START) {
    return { kind: 'not sent', reason: 'no worker took the create before its deadline' };
  }
  return { kind: 'unknown', reason: `the worker did not report (${cause?.message ?? error.message})` };
}
