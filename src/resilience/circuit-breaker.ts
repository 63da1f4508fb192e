/** The circuit breaker is open: the call was not made. */
export class CircuitOpen extends Error {
  override readonly name = 'CircuitOpen';
  /** How long the caller should wait before it tries again. */
  readonly retryAfterMs: number;

  constructor(retryAfterMs: number) {
    super(`the circuit breaker is open: try again in ${retryAfterMs} ms`);
    this.retryAfterMs = retryAfterMs;
  }
}

/** What a call says about the service: a refusal comes from a service that is up, a busy worker says nothing about it. */
export type Verdict = 'up' | 'down' | 'nothing';

export interface CircuitBreaker<Result> {
  /**
   * @returns the result of the call
   * @throws CircuitOpen at once if the call is not made; otherwise the error of the call
   */
  run(call: () => Promise<Result>): Promise<Result>;
  /** `open`: no call is made. `half-open`: a call is tried now and then. */
  state(): 'closed' | 'open' | 'half-open';
}

/**
 * Creates a circuit breaker for a service that may be down. It spares the service a stampede, and its callers the wait for
 * a response that does not come. It is not for a service that fails some calls: while one succeeds now and then, all pass.
 *
 * It opens when several calls in a row find the service down. Only calls that began after the latest success count, since
 * many slow failures may end after a quick success. While it is open no call is made. Then it is half-open: a call is tried
 * every `tryEveryMs`, whether or not the earlier ones have ended, and no call waits for another. The first success closes
 * it, the first failure opens it again.
 */
export function createCircuitBreaker<Result>(options: {
  /** How many failures in a row open it. */
  readonly failuresToOpen: number;
  /** How long it stays open before a call is tried. */
  readonly openForMs: number;
  /** How long after a call that is tried the next one is. */
  readonly tryEveryMs: number;
  /** What a result says about the service. A call that throws says that it is down. */
  readonly judge: (result: Result) => Verdict;
  /** A monotonic clock in milliseconds. */
  readonly nowMs: () => number;
  /** A number in [0, 1), so that refused callers do not all return at once; default `Math.random`. */
  readonly random?: () => number;
}): CircuitBreaker<Result> {
  const { failuresToOpen, openForMs, tryEveryMs, judge, nowMs, random = Math.random } = options;
  let calls = 0;
  /** The failures of calls up to this number no longer count. */
  let judgedCalls = 0;
  let failures = 0;
  /** Undefined while it is closed. */
  let opened: { readonly untilMs: number; nextTryAtMs: number } | undefined;

  const open = () => {
    const untilMs = nowMs() + openForMs;
    opened = { untilMs, nextTryAtMs: untilMs };
    [judgedCalls, failures] = [calls, 0];
  };
  const close = () => {
    opened = undefined;
    [judgedCalls, failures] = [calls, 0];
  };
  const record = (call: number, verdict: Verdict) => {
    if (verdict === 'up') close();
    if (verdict !== 'down' || call <= judgedCalls) return;
    failures += 1;
    if (opened !== undefined || failures >= failuresToOpen) open();
  };

  return {
    state() {
      if (opened === undefined) return 'closed';
      return nowMs() < opened.untilMs ? 'open' : 'half-open';
    },

    async run(call) {
      if (opened !== undefined) {
        const untilTryMs = opened.nextTryAtMs - nowMs();
        if (untilTryMs > 0) throw new CircuitOpen(Math.ceil(untilTryMs + random() * openForMs));
        opened.nextTryAtMs = nowMs() + tryEveryMs;
      }
      calls += 1;
      const number = calls;
      let verdict: Verdict = 'down';
      try {
        const result = await call();
        verdict = judge(result);
        return result;
      } finally {
        record(number, verdict);
      }
    },
  };
}
