import { ActivityFailure, ApplicationFailure, TimeoutFailure, TimeoutType } from '@temporalio/common';
import type { CreateFailureDetails } from '../contract/failures.ts';
import { type AcceptedItem, cut, failures, isOptional, isRecordOf, isText, isTimeMs } from '../contract/index.ts';
import { isDurationMs } from '../contract/shapes.ts';
import type { CreateOutcome } from '../protocol/index.ts';

/** The most characters of a reason that an order keeps. */
const MAX_REASON_LENGTH = 500;

/** The outcome of a create that the service has accepted. */
export function acceptedOutcome({ accepted: { reference, readyAtMs } }: AcceptedItem): CreateOutcome {
  const ready = readyAtMs === undefined ? '' : `, to be ready at ${new Date(readyAtMs).toISOString()}`;
  const reason = `the service has accepted it as ${reference}${ready}`;
  return { kind: 'accepted', reason, reference, ...(readyAtMs === undefined ? {} : { readyAtMs }) };
}

/**
 * The outcome of a create whose activity failed. Only what the activity itself has reported is trusted.
 * @throws any error that is not the failure of an activity
 */
export function outcomeOfFailure(error: unknown): CreateOutcome {
  if (!(error instanceof ActivityFailure && error.cause instanceof ApplicationFailure)) return unreportedOutcome(error);
  const { cause } = error;
  const { reason: given = cause.message, code, retryAfterMs } = detailsOf(cause);
  const reason = cut(given, MAX_REASON_LENGTH);
  const pause = retryAfterMs === undefined ? {} : { retryAfterMs };
  switch (cause.type) {
    case failures.createNotSent:
      return { kind: 'not sent', reason, ...pause };
    case failures.createRejected:
      return { kind: 'rejected', reason, code: code ?? 'UNKNOWN' };
    default:
      return { kind: 'unknown', reason, ...pause };
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
  const message = cut(cause?.message ?? error.message, MAX_REASON_LENGTH);
  return { kind: 'unknown', reason: `the worker did not report (${message})` };
}

/** Our activity writes these details, but any client of Temporal can report a failure in its place. */
function detailsOf(failure: ApplicationFailure): Partial<CreateFailureDetails> {
  const [details] = failure.details ?? [];
  return isDetails(details) ? details : {};
}

const isDetails = isRecordOf<CreateFailureDetails>({
  reason: isText,
  code: isOptional(isText),
  retryAfterMs: isOptional(isDurationMs),
  refusedIssuedAtMs: isOptional(isTimeMs),
});
