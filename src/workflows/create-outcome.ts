import { ActivityFailure, ApplicationFailure, TimeoutFailure, TimeoutType } from '@temporalio/common';
import type { CreateOutcome } from 'exactly-one';
import { type CreateFailureDetails, failures } from '../contracts/failures.ts';

/**
 * The outcome of a create whose activity failed. Only what the activity itself has reported is trusted.
 * @throws any error that is not the failure of an activity
 */
export function outcomeOfFailure(error: unknown): CreateOutcome {
  if (!(error instanceof ActivityFailure && error.cause instanceof ApplicationFailure)) return unreportedOutcome(error);
  const { cause } = error;
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

/**
 * The outcome of a create whose activity reported none, because its worker died or it timed out, was cancelled or has a
 * bug: unknown, unless no worker started it. Then it was not sent.
 * @throws any error that is not the failure of an activity
 */
export function unreportedOutcome(error: unknown): CreateOutcome {
  if (!(error instanceof ActivityFailure)) throw error;
  const { cause } = error;
  if (cause instanceof TimeoutFailure && cause.timeoutType === TimeoutType.SCHEDULE_TO_START) {
    return { kind: 'not sent', reason: 'no worker started the create before its deadline' };
  }
  return { kind: 'unknown', reason: `the worker did not report (${cause?.message ?? error.message})` };
}

function detailsOf(failure: ApplicationFailure): Partial<CreateFailureDetails> {
  const [details] = failure.details ?? [];
  // Our activity wrote these details. A failure from elsewhere has none of its types, and none of these fields.
  return typeof details === 'object' && details !== null ? details : {};
}
