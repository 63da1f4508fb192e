import type { Context } from '@temporalio/activity';
import { ApplicationFailure, ApplicationFailureCategory, CancelledFailure } from '@temporalio/common';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import { failures } from '../contracts/failures.ts';

/** The outcomes of a create, which the activity logs itself. */
const LOGGED: readonly unknown[] = [failures.createNotSent, failures.createRejected, failures.createOutcomeUnknown];

/** Logs why an attempt of an activity has failed, and when the next one begins. The SDK does not know the latter. */
export const logFailures: ActivityInterceptorsFactory = (context) => ({
  inbound: {
    async execute(input, next) {
      const startedAtMs = performance.now();
      try {
        return await next(input);
      } catch (error) {
        const durationMs = Math.round(performance.now() - startedAtMs);
        logFailure(context, error, durationMs);
        throw error;
      }
    },
  },
});

function logFailure({ info, log, cancellationSignal }: Context, error: unknown, durationMs: number): void {
  if (cancellationSignal.aborted && (error instanceof CancelledFailure || isAbort(error))) return;
  if (error instanceof ApplicationFailure && LOGGED.includes(error.type)) return;
  if (error instanceof ApplicationFailure && error.category === ApplicationFailureCategory.BENIGN) {
    // A refusal is a result of the business, not an error.
    log.info(`${info.activityType}: ${error.message}`, { refusal: error.type, durationMs });
    return;
  }
  const nextMs = nextAttemptInMs(error, info);
  log.warn('Activity failed', { error, durationMs, ...(nextMs === undefined ? {} : { nextAttemptInMs: nextMs }) });
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

/** When Temporal begins the next attempt, as it computes it; undefined if there is none. */
export function nextAttemptInMs(
  error: unknown,
  { attempt, retryPolicy }: Pick<Context['info'], 'attempt' | 'retryPolicy'>,
): number | undefined {
  const { maximumAttempts = Number.POSITIVE_INFINITY, initialInterval, maximumInterval } = retryPolicy ?? {};
  if (attempt >= (maximumAttempts || Number.POSITIVE_INFINITY)) return undefined;
  if (error instanceof ApplicationFailure) {
    if (error.nonRetryable) return undefined;
    if (typeof error.nextRetryDelay === 'number') return error.nextRetryDelay;
  }
  if (typeof initialInterval !== 'number') return undefined;
  const backOffMs = initialInterval * (retryPolicy?.backoffCoefficient ?? 2) ** (attempt - 1);
  return Math.min(backOffMs, typeof maximumInterval === 'number' ? maximumInterval : 100 * initialInterval);
}
