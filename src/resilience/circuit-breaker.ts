import { BrokenCircuitError, CircuitState, ConsecutiveBreaker, circuitBreaker, handleWhenResult } from 'cockatiel';

/** The circuit breaker is open: the call was not made. */
export class CircuitOpen extends Error {
  override readonly name = 'CircuitOpen';
  /** How long until a call may be tried again. */
  readonly retryAfterMs: number;

  constructor(retryAfterMs: number) {
    super(`the circuit breaker is open: try again in ${retryAfterMs} ms`);
    this.retryAfterMs = retryAfterMs;
  }
}

export interface CircuitBreaker<Result> {
  /**
   * @returns the result of the call
   * @throws CircuitOpen if the call is not made; otherwise the error of the call
   */
  run(call: () => Promise<Result>): Promise<Result>;
  /** `open`: no call is made, or its time is over and the next one is tried. `half-open`: that call is in progress. */
  state(): 'closed' | 'open' | 'half-open';
}

const STATES = {
  [CircuitState.Closed]: 'closed',
  [CircuitState.Open]: 'open',
  [CircuitState.HalfOpen]: 'half-open',
  // Held open manually, which is not used here.
  [CircuitState.Isolated]: 'open',
} as const;

/**
 * Creates a circuit breaker, which spares a failing service: after several failures in a row no call is made for a
 * while, then one is tried.
 */
export function createCircuitBreaker<Result>(options: {
  /** How many failures in a row open it. */
  readonly failuresToOpen: number;
  /** How long it stays open before one call is tried. */
  readonly openForMs: number;
  /** Whether a result counts as a failure. A call that throws does not. */
  readonly isFailure: (result: Result) => boolean;
  /** The wall clock in epoch milliseconds. */
  readonly nowMs: () => number;
}): CircuitBreaker<Result> {
  const policy = circuitBreaker(
    handleWhenResult((result) => options.isFailure(result as Result)),
    { halfOpenAfter: options.openForMs, breaker: new ConsecutiveBreaker(options.failuresToOpen) },
  );
  let openedAtMs = 0;
  policy.onBreak(() => {
    openedAtMs = options.nowMs();
  });
  return {
    state: () => STATES[policy.state],
    async run(call) {
      try {
        return await policy.execute(call);
      } catch (error) {
        if (!(error instanceof BrokenCircuitError)) throw error;
        throw new CircuitOpen(Math.max(1, openedAtMs + options.openForMs - options.nowMs()));
      }
    },
  };
}
