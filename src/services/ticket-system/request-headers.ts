import { Type } from 'typebox';
import { maskCardNumbers } from '../../contracts/card-numbers.ts';
import { headers } from '../../contracts/http.ts';
import { HttpProblem } from '../http/http-problem.ts';

/** No deadline is accepted that lies further ahead of the service's clock. */
const FARTHEST_DEADLINE_MS = 60_000;

const deadline = Type.String({
  pattern: '^[0-9]{1,15}$',
  description: 'epoch milliseconds; nothing is committed after it',
});
const requestId = Type.String({ pattern: '^[!-~]{1,200}$', description: 'of this request alone' });

export const VoidHeaders = Type.Object({
  [headers.requestDeadline]: Type.Optional(deadline),
  [headers.requestId]: Type.Optional(requestId),
});

export const CreateHeaders = Type.Object({
  [headers.requestDeadline]: Type.Optional(deadline),
  [headers.idempotencyKey]: Type.Optional(Type.String({ pattern: '^[!-~]{1,200}$' })),
  [headers.requestId]: Type.Optional(requestId),
});

/**
 * The deadline of a request in epoch milliseconds, if it has one.
 * @throws HttpProblem 400 when it is too far ahead
 */
export function deadlineOf(value: string | undefined, nowMs: number): number | undefined {
  if (value === undefined) return undefined;
  const deadlineMs = Number(value);
  if (deadlineMs > nowMs + FARTHEST_DEADLINE_MS) {
    const message = `Request-Deadline is more than ${FARTHEST_DEADLINE_MS} ms ahead of the service's clock`;
    throw new HttpProblem(400, 'DEADLINE_TOO_FAR', message);
  }
  return deadlineMs;
}

/** @throws HttpProblem 400 when the header is missing */
export function required<Value>(value: Value | undefined, name: string, reason: string): Value {
  if (value === undefined) throw new HttpProblem(400, 'INVALID_REQUEST', `${name} is missing: ${reason}`);
  return value;
}

/**
 * Keys and ids of requests are stored as they are.
 * @throws HttpProblem 400 when one holds a card number
 */
export function refuseCardNumbers(values: readonly (string | undefined)[]): void {
  for (const value of values) {
    if (value?.includes('VISA') && maskCardNumbers(value) !== value) {
      throw new HttpProblem(400, 'INVALID_REQUEST', 'a header that is stored must not hold a card number');
    }
  }
}
