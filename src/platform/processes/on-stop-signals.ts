const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** npm passes Ctrl-C on to a program that has got it from the terminal already: twice at the same moment is once. */
const SAME_MOMENT_MS = 500;

/**
 * Calls `stop` at the first signal that asks this process to end, and `kill` at a second one.
 * @param now a clock in milliseconds that never steps back
 * @returns a function that gives the signals back to Node
 */
export function onStopSignals(
  stop: (signal: NodeJS.Signals) => void,
  kill: () => void,
  now: () => number = () => performance.now(),
): () => void {
  let stoppedAt: number | undefined;
  const onSignal = (signal: NodeJS.Signals) => {
    if (stoppedAt === undefined) {
      stoppedAt = now();
      stop(signal);
    } else if (now() - stoppedAt > SAME_MOMENT_MS) {
      kill();
    }
  };
  for (const signal of STOP_SIGNALS) process.on(signal, onSignal);
  return () => {
    for (const signal of STOP_SIGNALS) process.off(signal, onSignal);
  };
}
