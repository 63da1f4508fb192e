import type { WorkflowExecutionDescription } from '@temporalio/client';
import { cut } from 'exactly-one/contract';
import { sourceLine } from '../contracts/source-line.ts';

type PendingActivities = NonNullable<WorkflowExecutionDescription['raw']['pendingActivities']>;

/** A failure as Temporal's API has it. */
export type RecordedFailure = NonNullable<PendingActivities[number]['lastFailure']>;

/** An error that Temporal has recorded, for people. */
export interface RecordedError {
  /** With the name of its type where that says something, and with its innermost cause: `RangeError: Division by zero`. */
  readonly error: string;
  /** The innermost cause alone, where the error is longer: `connect ECONNREFUSED 127.0.0.1:3999`. */
  readonly cause?: string;
  /** Where it was thrown: `moveMoney (src/workflows/transfer-money.ts:71)`. */
  readonly at?: string;
}

const MAX_ERROR_LENGTH = 500;

/** Temporal's `TimeoutType`. */
const HEARTBEAT = 4;

/** How many causes are followed: a failure comes from outside. */
const MAX_CAUSES = 16;

export function recordedError(failure: RecordedFailure): RecordedError {
  const message = named(failure) + timeoutReason(failure);
  const cause = innermostCause(failure).message ?? '';
  const error = cause === '' || message.includes(cause) ? message : `${message}: ${cause}`;
  const at = sourceLineOf(failure);
  return {
    error: cut(error, MAX_ERROR_LENGTH),
    ...(failure.cause && cause !== '' ? { cause: cut(cause, MAX_ERROR_LENGTH) } : {}),
    ...(at === undefined ? {} : { at }),
  };
}

function innermostCause(failure: RecordedFailure): RecordedFailure {
  let innermost = failure;
  for (let count = 0; innermost.cause && count < MAX_CAUSES; count += 1) innermost = innermost.cause;
  return innermost;
}

/** The message with the name of the error: `TypeError: …`. `Error` and the SDK's own `ApplicationFailure` say nothing. */
function named({ message, stackTrace }: RecordedFailure): string {
  const text = message ?? '';
  const firstLine = text.split('\n', 1)[0] ?? '';
  const name = (stackTrace ?? '')
    .split('\n')
    .find((line) => line.endsWith(`: ${firstLine}`))
    ?.match(/^([A-Z]\w+Error)\b/)?.[1];
  return name === undefined || text.startsWith(name) ? text : `${name}: ${text}`;
}

/** Of the failure itself or else of a cause. */
function sourceLineOf(failure: RecordedFailure): string | undefined {
  let each: RecordedFailure | null | undefined = failure;
  for (let count = 0; each && count < MAX_CAUSES; count += 1) {
    const at = sourceLine(each.stackTrace ?? '');
    if (at !== undefined) return at;
    each = each.cause;
  }
  return undefined;
}

function timeoutReason({ timeoutFailureInfo }: RecordedFailure): string {
  return timeoutFailureInfo?.timeoutType === HEARTBEAT ? ' (its worker died or does not respond)' : '';
}
