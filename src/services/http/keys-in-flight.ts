import { HttpProblem } from './http-problem.ts';

/** The idempotency keys whose first request has not finished. */
export interface KeysInFlight {
  /**
   * Handles a request that has a key.
   * @param key together with what it belongs to, if keys are not unique across the service
   * @throws HttpProblem 409 if another request with this key has not finished
   */
  during<Result>(key: string, work: () => Promise<Result>): Promise<Result>;
}

export function createKeysInFlight(): KeysInFlight {
  const keys = new Set<string>();
  return {
    async during(key, work) {
      if (keys.has(key)) {
        const message = 'another request with this Idempotency-Key has not finished: check its outcome, then try again';
        throw new HttpProblem(409, 'IDEMPOTENCY_KEY_IN_FLIGHT', message);
      }
      keys.add(key);
      try {
        return await work();
      } finally {
        keys.delete(key);
      }
    },
  };
}
