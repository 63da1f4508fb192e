import { ActivityFailure, ApplicationFailure } from '@temporalio/common';
import { isTimeMs } from '../contracts/shapes.ts';

/**
 * When the token was issued that an activity used, if it failed because the ticket system refused this token; otherwise
 * undefined. Epoch milliseconds.
 */
export function refusedTokenIssuedAtMs(error: unknown): number | undefined {
  if (!(error instanceof ActivityFailure && error.cause instanceof ApplicationFailure)) return undefined;
  const [details] = error.cause.details ?? [];
  if (typeof details !== 'object' || details === null || !('refusedTokenIssuedAtMs' in details)) return undefined;
  const { refusedTokenIssuedAtMs: issuedAtMs } = details;
  // The next run is handed the time after it.
  return typeof issuedAtMs === 'number' && isTimeMs(issuedAtMs + 1) ? issuedAtMs : undefined;
}
