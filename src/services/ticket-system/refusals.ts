import { HttpProblem } from '../http/http-problem.ts';
import type { CommitDecision, VoidDecision } from './commit-decision.ts';

type Refused<Decision> = Extract<Decision, { kind: 'refuse' }> extends { code: infer Code } ? Code : never;

const REFUSALS: Readonly<Record<Refused<CommitDecision> | Refused<VoidDecision>, readonly [number, string]>> = {
  DEADLINE_PASSED: [408, 'the Request-Deadline has passed: nothing was done'],
  IDEMPOTENCY_KEY_REUSED: [422, 'this Idempotency-Key was used for another request of this order'],
  TICKET_UNKNOWN: [404, 'this order has no such ticket'],
  KEEPER_NOT_LIVE: [409, 'the ticket to keep is not a live ticket of this order other than the one to void'],
};

/** The answer to a request that the protocol refuses. */
export function refusal(code: keyof typeof REFUSALS): HttpProblem {
  const [status, message] = REFUSALS[code];
  return new HttpProblem(status, code, message);
}
