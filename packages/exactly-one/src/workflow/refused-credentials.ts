import { ActivityFailure, ApplicationFailure } from '@temporalio/common';
import { isTimeMs } from '../contract/index.ts';

/**
 * When the credentials were issued that an activity used, if it failed because the service refused them; otherwise
 * undefined. Epoch milliseconds.
 */
export function refusedIssuedAtMs(error: unknown): number | undefined {
  if (!(error instanceof ActivityFailure && error.cause instanceof ApplicationFailure)) return undefined;
  const [details] = error.cause.details ?? [];
  if (typeof details !== 'object' || details === null || !('refusedIssuedAtMs' in details)) return undefined;
  const { refusedIssuedAtMs: issuedAtMs } = details;
  // The next run is handed the time after it.
  return typeof issuedAtMs === 'number' && isTimeMs(issuedAtMs + 1) ? issuedAtMs : undefined;
}
