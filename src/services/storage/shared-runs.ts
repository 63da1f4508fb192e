/**
 * Joins the run that starts next.
 * @param client aborted when the caller no longer wants the result; default never
 */
export type Join<Result> = (client?: AbortSignal) => Promise<Result>;

interface Run<Result> {
  readonly result: Promise<Result>;
  readonly stop: AbortController;
  clients: number;
}

/**
 * Runs work once at a time, for all callers that ask for it while it waits. A caller never gets the result of a
 * run that began before its call, which would not show what the caller did before. A run is stopped when all of its
 * callers have gone.
 */
export function shareRuns<Result>(work: (signal: AbortSignal) => Promise<Result>): Join<Result> {
  let previous: Promise<unknown> = Promise.resolve();
  let waiting: Run<Result> | undefined;

  function add(): Run<Result> {
    const stop = new AbortController();
    const result = previous.then(() => {
      if (waiting?.stop === stop) waiting = undefined;
      stop.signal.throwIfAborted();
      return work(stop.signal);
    });
    previous = result.catch(() => undefined);
    return { result, stop, clients: 0 };
  }

  function leave(run: Run<Result>): void {
    run.clients -= 1;
    if (run.clients > 0) return;
    run.stop.abort();
    // Nobody else may join a run that does not take place.
    if (waiting === run) waiting = undefined;
  }

  return async (client) => {
    client?.throwIfAborted();
    waiting ??= add();
    const run = waiting;
    run.clients += 1;
    if (client === undefined) return run.result;
    const left = () => leave(run);
    client.addEventListener('abort', left);
    try {
      return await run.result;
    } finally {
      client.removeEventListener('abort', left);
    }
  };
}
