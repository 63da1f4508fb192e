import { setTimeout as pause } from 'node:timers/promises';

const ASK_EVERY_MS = 1_000;

/**
 * Keeps asking a server for a sign of life, to notice that it has gone away.
 * @param ask fails when the server does not respond in time
 * @param everyMs the pause between two questions; default 1 s
 * @param nowMs epoch milliseconds
 */
export function watchResponses(ask: () => Promise<unknown>, everyMs = ASK_EVERY_MS, nowMs: () => number = Date.now) {
  const stopped = new AbortController();
  let respondedAtMs = nowMs();
  let responds = true;
  const watch = async () => {
    while (!stopped.signal.aborted) {
      try {
        await ask();
        respondedAtMs = nowMs();
        responds = true;
      } catch {
        // Whatever the error is: what is shown is out of date.
        responds = false;
      }
      await pause(everyMs, undefined, { signal: stopped.signal });
    }
  };
  watch().catch(() => undefined);
  return {
    /** For how long the server has not responded; undefined while it does. */
    silentForMs: (now: number): number | undefined => (responds ? undefined : now - respondedAtMs),
    stop: () => stopped.abort(),
  };
}
