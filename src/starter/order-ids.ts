import { customAlphabet } from 'nanoid';
import { orderIdProblem } from '../contracts/ids.ts';

/** More orders at once than anyone watches in a terminal. */
const MOST_ORDERS = 1_000;

/** Random, and easy to read out: no letters and digits that look alike. */
export const randomPart = customAlphabet('23456789abcdefghjkmnpqrstuvwxyz', 10);

/** The words after a command do not fit together; the message says what came and what is allowed. */
export class WrongUse extends Error {
  override readonly name = 'WrongUse';
}

/**
 * The orders that are meant: a bare number gets the prefix `order-`, none at all gets a random id.
 * @throws WrongUse
 */
export function orderIdsOf(given: readonly string[], count: string | undefined): readonly string[] {
  if (count !== undefined && given.length > 0) {
    throw new WrongUse(`either order ids or --count, not both: came ${given.join(' ')} and --count ${count}`);
  }
  if (given.length > 0) return [...new Set(given.map(orderIdOf))];
  return Array.from({ length: readCount(count ?? '1') }, () => `order-${randomPart()}`);
}

/** @throws WrongUse when it is no order id */
export function orderIdOf(given: string): string {
  const orderId = /^\d+$/.test(given) ? `order-${given}` : given;
  const problem = orderIdProblem(orderId);
  if (problem !== undefined) throw new WrongUse(problem);
  return orderId;
}

/** @throws WrongUse when it is no number of things to start at once */
export function readCount(text: string): number {
  const count = /^\d+$/.test(text) ? Number(text) : 0;
  if (count < 1 || count > MOST_ORDERS) {
    throw new WrongUse(`--count ${text}: expected a whole number from 1 to ${MOST_ORDERS}`);
  }
  return count;
}
