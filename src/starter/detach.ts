import { onStopSignals } from '../platform/processes/on-stop-signals.ts';

/** Ctrl-C stops waiting; what was submitted keeps running without the starter. A second Ctrl-C exits at once. */
export function detachOnSignal(): AbortSignal {
  const detach = new AbortController();
  onStopSignals(
    () => detach.abort(),
    () => process.exit(1),
  );
  return detach.signal;
}

/** Waits for a promise until the signal fires. */
export async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T | 'aborted'> {
  // A signal that has already fired emits no further event.
  if (signal.aborted) return 'aborted';
  let onAbort: () => void = () => undefined;
  const aborted = new Promise<'aborted'>((resolve) => {
    onAbort = () => resolve('aborted');
    signal.addEventListener('abort', onAbort);
  });
  return Promise.race([promise, aborted]).finally(() => signal.removeEventListener('abort', onAbort));
}
