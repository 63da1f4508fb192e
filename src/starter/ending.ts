import { WorkflowFailedError, type WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure, CancelledFailure, TerminatedFailure, TimeoutFailure } from '@temporalio/common';
import { cut } from 'exactly-one/contract';
import { errorMessage, errorMessages } from '../contracts/errors.ts';
import { quoted } from '../contracts/secrets.ts';
import type { Failure, Kind } from './kind.ts';

/** The most characters of a failure that are shown. */
const MAX_ERROR_LENGTH = 2_000;

/** How a workflow ended, or why its end is unknown. */
export type Ending<Result> =
  | { readonly kind: 'result'; readonly result: Result }
  | ({ readonly kind: 'no result' } & Failure);

export type EndingCode =
  | 'ORDER_REJECTED'
  | 'ORDER_INVALID'
  | 'GIVEN_UP'
  /** A person says that the order has no ticket. */
  | 'RESOLVED_WITHOUT_TICKET'
  | 'TRANSFER_INVALID'
  | 'TRANSFER_REFUSED'
  | 'TRANSFER_ID_REUSED'
  | 'TRANSFER_UNRESOLVED'
  | 'CANCELLED'
  | 'TERMINATED'
  | 'TIMED_OUT'
  | 'FAILED'
  /** A workflow of another program has this id. */
  | 'RESULT_INVALID'
  /** The workflow is still running; only the connection was lost. */
  | 'TEMPORAL_UNREACHABLE';

/** Waits until a workflow has ended. Never throws. */
export async function endingOf<Result>(
  kind: Pick<Kind<never, Result, never>, 'name' | 'isResult' | 'failures'>,
  handle: Pick<WorkflowHandle<() => Promise<Result>>, 'result'>,
): Promise<Ending<Result>> {
  try {
    const result: unknown = await handle.result();
    if (kind.isResult(result)) return { kind: 'result', result };
    const error = `a workflow of another program has this id and completed with ${quoted(result)}; use another id`;
    return { kind: 'no result', error, code: 'RESULT_INVALID' };
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
  if (cause instanceof TimeoutFailure) return { error: cut(cause.message, MAX_ERROR_LENGTH), code: 'TIMED_OUT' };
  const code =
    cause instanceof ApplicationFailure ? new Map(Object.entries(failures.codes)).get(cause.type ?? '') : undefined;
  const message = cause === undefined ? error.message : errorMessages(cause);
  const details: unknown = cause instanceof ApplicationFailure ? cause.details?.[0] : undefined;
  return {
    ...{ error: cut(message, MAX_ERROR_LENGTH), code: code ?? 'FAILED' },
    ...(details === undefined ? {} : { details }),
  };
}
