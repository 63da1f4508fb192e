import { WorkflowFailedError, type WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure, CancelledFailure, TerminatedFailure, TimeoutFailure } from '@temporalio/common';
import { errorMessage, errorMessages } from '../contracts/errors.ts';
import type { Failure, Kind } from './kind.ts';

/** How a workflow ended, or why its end is unknown. */
export type Ending<Result> =
  | { readonly kind: 'result'; readonly result: Result }
  | ({ readonly kind: 'no result' } & Failure);

export type EndingCode =
  | 'ORDER_REJECTED'
  | 'ORDER_INVALID'
  | 'GIVEN_UP'
  | 'TRANSFER_INVALID'
  | 'TRANSFER_REFUSED'
  | 'TRANSFER_ID_REUSED'
  | 'CANCELLED'
  | 'TERMINATED'
  | 'TIMED_OUT'
  | 'FAILED'
  /** The workflow is still running; only the connection was lost. */
  | 'TEMPORAL_UNREACHABLE';

/** Waits until a workflow has ended. Never throws. */
export async function endingOf<Result>(
  kind: Pick<Kind<never, Result, never>, 'name' | 'failures'>,
  handle: Pick<WorkflowHandle<() => Promise<Result>>, 'result'>,
): Promise<Ending<Result>> {
  try {
    return { kind: 'result', result: await handle.result() };
  } catch (error) {
    return { kind: 'no result', ...failureOf(kind, error) };
  }
}

function failureOf({ name, failures }: Pick<Kind<never, never, never>, 'name' | 'failures'>, error: unknown): Failure {
  if (!(error instanceof WorkflowFailedError)) {
    return {
      error: `lost the connection to Temporal, the ${name} is still running: ${errorMessage(error)}`,
      code: 'TEMPORAL_UNREACHABLE',
    };
  }
  const { cause } = error;
  if (cause instanceof CancelledFailure) return { error: failures.cancelled, code: 'CANCELLED' };
  if (cause instanceof TerminatedFailure) return { error: failures.terminated, code: 'TERMINATED' };
  if (cause instanceof TimeoutFailure) return { error: cause.message, code: 'TIMED_OUT' };
  const code = cause instanceof ApplicationFailure ? failures.codes[cause.type ?? ''] : undefined;
  return { error: cause === undefined ? error.message : errorMessages(cause), code: code ?? 'FAILED' };
}
