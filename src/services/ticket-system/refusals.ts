import { HttpProblem } from '../http/http-problem.ts';
import type { CommitDecision, VoidDecision } from './commit-decision.ts';

type Refused<Decision> = Extract<Decision, { kind: 'refuse' }> extends { code: infer Code } ? Code : never;
type RefusalCode = Refused<CommitDecision> | Refused<VoidDecision> | 'RESERVATION_UNKNOWN';

const REFUSALS: Readonly<Record<RefusalCode, readonly [number, string]>> = {
  RESERVATION_UNKNOWN: [
    404,
    'the reservation is not the one of this order: get it from GET /orders/:orderId/reservation',
  ],
  DEADLINE_PASSED: [408, 'the Request-Deadline has passed: nothing was done'],
  IDEMPOTENCY_KEY_REUSED: [422, 'this Idempotency-Key was used for a different request of this order'],
  TICKET_UNKNOWN: [404, 'this order has no such ticket'],
  KEEPER_NOT_LIVE: [409, 'the ticket to keep must be another ticket of this order, and live'],
};

/** The response to a request that is refused. */
export function refusal(code: RefusalCode): HttpProblem {
  const [status, message] = REFUSALS[code];
  return new HttpProblem(status, code, message);
}

const MAX_DEADLINE_AHEAD_MS = 60_000;

/** @throws HttpProblem 400 if a deadline is too far ahead of the service's clock */
export function refuseFarDeadline(deadlineMs: number | undefined, nowMs: number): void {
  if (deadlineMs === undefined || deadlineMs <= nowMs + MAX_DEADLINE_AHEAD_MS) return;
  const message = `Request-Deadline is more than ${MAX_DEADLINE_AHEAD_MS} ms ahead of the service's clock`;
  throw new HttpProblem(400, 'DEADLINE_TOO_FAR', message);
}

/**
 * Requires a header.
 * @param reason why it is required, for the message
 * @throws HttpProblem 400 if it is missing
 */
export function requireHeader(value: unknown, name: string, reason: string): void {
  if (value === undefined) throw new HttpProblem(400, 'INVALID_REQUEST', `${name} is missing: ${reason}`);
}
