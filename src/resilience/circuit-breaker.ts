import { BrokenCircuitError, CircuitState, ConsecutiveBreaker, circuitBreaker, handleWhenResult } from 'cockatiel';

/** The circuit is open: the call was not made. */
export class CircuitOpen extends Error {
  override readonly name = 'CircuitOpen';
  /** When a call may be tried again. */
  readonly retryAfterMs: number;

  constructor(retryAfterMs: number) {
    super(`the circuit breaker is open, try again in ${retryAfterMs} ms`);
    this.retryAfterMs = retryAfterMs;
  }
}

export interface CircuitBreaker<Result> {
  /** @throws CircuitOpen when the call is not made; otherwise what the call gives or throws */
  run(call: () => Promise<Result>): Promise<Result>;
  /** Open: no call is made, or the next one is tried; half-open: that one is under way. */
  state(): 'closed' | 'open' | 'half-open';
}

const STATES = {
  [CircuitState.Closed]: 'closed',
  [CircuitState.Open]: 'open',
  [CircuitState.HalfOpen]: 'half-open',
  // Held open by hand, which nobody here does.
  [CircuitState.Isolated]: 'open',
} as const;

/**
 * Spares a service that fails again and again: after so many failures in a row no call is made for a while,
 * then one is tried.
 */
export function createCircuitBreaker<Result>(options: {
  /** Failures in a row that open the circuit. */
  readonly failuresToOpen: number;
  /** How long it stays open before one call is tried. */
  readonly openForMs: number;
  readonly isFailure: (result: Result) => boolean;
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
