import { ActivityFailure, ApplicationFailure } from '@temporalio/common';
import type { CreateOutcome } from 'exactly-one';
import { type CreateFailureDetails, failures } from '../contracts/failures.ts';
import { unreportedOutcome } from './unreported-outcome.ts';

/** What came of a create, from the failure of its activity. Only what the activity itself reports is believed. */
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

function detailsOf(failure: ApplicationFailure): Partial<CreateFailureDetails> {
  const [details] = failure.details ?? [];
  // Our own activity made these details; a failure of another origin has none of its types and none of these fields.
  return typeof details === 'object' && details !== null ? details : {};
}
