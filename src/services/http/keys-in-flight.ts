import { HttpProblem } from './http-problem.ts';

/** The idempotency keys whose first request is still being worked on. */
export interface KeysInFlight {
  /**
   * Runs the work of a request that has a key.
   * @param key with what it belongs to, where the same key of another is another one
   * @throws HttpProblem 409 when another request with the same key is being worked on
   */
  during<Result>(key: string, work: () => Promise<Result>): Promise<Result>;
}

export function createKeysInFlight(): KeysInFlight {
  const keys = new Set<string>();
  return {
    async during(key, work) {
      if (keys.has(key)) {
        const message =
          'a request with this Idempotency-Key is still being worked on: look at what is there, then repeat';
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
