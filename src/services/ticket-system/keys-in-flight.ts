import { HttpProblem } from '../http/http-problem.ts';

/** The idempotency keys whose first request is still being worked on. */
export interface KeysInFlight {
  /**
   * Runs the work of a request that has a key.
   * @throws HttpProblem 409 when another request with the same key of the same order is being worked on
   */
  during<Result>(orderId: string, key: string, work: () => Promise<Result>): Promise<Result>;
}

export function createKeysInFlight(): KeysInFlight {
  const keys = new Set<string>();
  return {
    async during(orderId, key, work) {
      const inFlight = `${orderId} ${key}`;
      if (keys.has(inFlight)) {
        const message =
          'a request with this Idempotency-Key is still being worked on: look at the tickets, then repeat';
        throw new HttpProblem(409, 'IDEMPOTENCY_KEY_IN_FLIGHT', message);
      }
      keys.add(inFlight);
      try {
        return await work();
      } finally {
        keys.delete(inFlight);
      }
    },
  };
}
