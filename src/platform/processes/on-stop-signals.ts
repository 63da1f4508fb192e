const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** The terminal sends Ctrl-C to the program, and npm forwards it: two signals within this time count as one. */
const DUPLICATE_WITHIN_MS = 500;

/**
 * Calls `stop` on the first SIGINT, SIGTERM or SIGHUP, and `kill` on the second.
 * @param nowMs a monotonic clock; default `performance.now`
 * @returns a function that restores Node's own handling of these signals
 */
export function onStopSignals(
  stop: (signal: NodeJS.Signals) => void,
  kill: () => void,
  nowMs: () => number = () => performance.now(),
): () => void {
  let stoppedAtMs: number | undefined;
  const onSignal = (signal: NodeJS.Signals) => {
    if (stoppedAtMs === undefined) {
      stoppedAtMs = nowMs();
      stop(signal);
    } else if (nowMs() - stoppedAtMs > DUPLICATE_WITHIN_MS) {
      kill();
    }
  };
  for (const signal of STOP_SIGNALS) process.on(signal, onSignal);
  return () => {
    for (const signal of STOP_SIGNALS) process.off(signal, onSignal);
  };
}
