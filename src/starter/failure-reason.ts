import { WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure, CancelledFailure, TerminatedFailure, TimeoutFailure } from '@temporalio/common';
import { errorMessage } from '../contracts/errors.ts';

/** Why a workflow has no result, or why nobody can say. */
export interface FailureReason<Code extends string> {
  readonly error: string;
  readonly code: Code | GeneralCode;
}

type GeneralCode =
  | 'CANCELLED'
  | 'TERMINATED'
  | 'TIMED_OUT'
  | 'FAILED'
  /** The workflow goes on; only the way to it is lost. */
  | 'TEMPORAL_UNREACHABLE';

/** How a kind of workflow speaks of its ends without a result. */
export interface FailureWords<Code extends string> {
  /** Singular: `order`. */
  readonly what: string;
  readonly cancelled: string;
  readonly terminated: string;
  /** By failure type. */
  readonly codes: Readonly<Record<string, Code>>;
}

/** Reads why waiting for a workflow's result failed. */
export function failureReason<Code extends string>(error: unknown, words: FailureWords<Code>): FailureReason<Code> {
  if (!(error instanceof WorkflowFailedError)) {
    return {
      error: `the connection to Temporal is lost, the ${words.what} goes on: ${errorMessage(error)}`,
      code: 'TEMPORAL_UNREACHABLE',
    };
  }
  const { cause } = error;
  if (cause instanceof CancelledFailure) return { error: words.cancelled, code: 'CANCELLED' };
  if (cause instanceof TerminatedFailure) return { error: words.terminated, code: 'TERMINATED' };
  if (cause instanceof TimeoutFailure) return { error: cause.message, code: 'TIMED_OUT' };
  const code = cause instanceof ApplicationFailure ? words.codes[cause.type ?? ''] : undefined;
  return { error: cause === undefined ? error.message : errorMessages(cause), code: code ?? 'FAILED' };
}

/** The messages of an error and its causes: the outer ones of Temporal's failures say little. */
export function errorMessages(error: Error): string {
  return error.cause instanceof Error ? `${error.message}: ${errorMessages(error.cause)}` : error.message;
}
