import { ActivityFailure, ApplicationFailure, TimeoutFailure, TimeoutType } from '@temporalio/common';
import type { CreateFailureDetails } from '../contracts/activities.ts';
import { failures } from '../contracts/failures.ts';
import type { CreateOutcome } from '../protocol/classify-outcome.ts';

/**
 * What came of a create, from the failure of its activity. Only what the activity itself reports is believed;
 * a worker that died, a time-out while it ran, a cancellation or a bug leave the outcome unknown.
 */
export function outcomeOfFailure(error: unknown): CreateOutcome {
  if (!(error instanceof ActivityFailure)) throw error;
  const { cause } = error;
  if (cause instanceof TimeoutFailure && cause.timeoutType === TimeoutType.SCHEDULE_TO_START) {
    return { kind: 'not sent', reason: 'no worker took the create before its deadline' };
  }
  if (!(cause instanceof ApplicationFailure)) {
    return { kind: 'unknown', reason: `the worker did not report (${cause?.message ?? error.message})` };
  }
  const { reason = cause.message, code, ...rest } = detailsOf(cause);
  switch (cause.type) {
    case failures.createNotSent:
      return { kind: 'not sent', reason, ...rest };
    case failures.createRejected:
      return { kind: 'rejected', reason, code: code ?? 'UNKNOWN' };
    default:
      return { kind: 'unknown', reason, ...rest };
  }
}

function detailsOf(failure: ApplicationFailure): Partial<CreateFailureDetails> {
  const [details] = failure.details ?? [];
  // Our own activity made these details; a failure of another origin has none of its types and none of these fields.
  return typeof details === 'object' && details !== null ? details : {};
}
