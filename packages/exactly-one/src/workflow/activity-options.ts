import { HEARTBEAT_TIMEOUT_MS } from '../contract/index.ts';

/** The pause before a call of a dead worker is repeated. Each workflow draws one, so that they do not all come at once. */
const REPEAT_AFTER_MS = { least: 100, most: 1_000 } as const;

/**
 * Options of activities that are safe to repeat: Temporal retries them until they succeed. The activities choose the
 * delays between their attempts themselves; the policy applies when a worker died or has a bug.
 */
export function repeatableCalls(startToCloseMs: number) {
  const { least, most } = REPEAT_AFTER_MS;
  const initialInterval = Math.ceil(least + Math.random() * (most - least));
  return {
    startToCloseTimeout: startToCloseMs,
    heartbeatTimeout: HEARTBEAT_TIMEOUT_MS,
    retry: { initialInterval, maximumInterval: 10 * initialInterval },
  };
}
