import { errorMessage } from '../../contracts/errors.ts';

/** Something that runs until it is stopped: a child process, or a server made of one. */
export interface RunningPart {
  /** Ends with what became of it, such as `ended with exit code 1`; never rejects. */
  readonly ended: Promise<string>;
  /** Ends it in order. */
  stop(): Promise<unknown>;
  /** Ends it at once. */
  kill(): Promise<unknown>;
}

export interface Part {
  readonly name: string;
  /** Starts it and waits until it is ready. Ends what it has started when it fails, or when `signal` aborts. */
  start(signal: AbortSignal): Promise<RunningPart>;
}

export interface Supervisor {
  /** Resolves when every part is ready, or when the end has begun. */
  readonly started: Promise<'ready' | 'ending'>;
  /** Resolves when no part is left, with the reason when one of them ended by itself or could not be started. */
  readonly ended: Promise<{ readonly failure?: string }>;
  /** Ends all in order: the last started first. */
  stop(): void;
  /** Ends all at once. */
  kill(): void;
}

/**
 * Starts parts one after the other, each ready before the next, and keeps them together: when one ends, the others are
 * stopped, and its end is the reason.
 */
export function supervise(parts: readonly Part[], onStop: (name: string) => void = () => undefined): Supervisor {
  const running = new Map<RunningPart, string>();
  const ending = new AbortController();
  let failure: string | undefined;
  let killed = false;

  const begins = new Promise<void>((resolve) => ending.signal.addEventListener('abort', () => resolve()));
  const end = (reason?: string) => {
    if (ending.signal.aborted) return;
    failure = reason;
    ending.abort();
  };

  const startAll = async (): Promise<'ready' | 'ending'> => {
    for (const { name, start } of parts) {
      if (ending.signal.aborted) break;
      try {
        const part = await start(ending.signal);
        running.set(part, name);
        void part.ended.then((how) => {
          running.delete(part);
          end(`${name} ${how}`);
        });
      } catch (error) {
        end(errorMessage(error));
      }
    }
    return ending.signal.aborted ? 'ending' : 'ready';
  };

  const stopAll = async () => {
    for (const [part, name] of [...running].toReversed()) {
      if (!running.has(part)) continue;
      onStop(name);
      await (killed ? part.kill() : part.stop());
    }
    return failure === undefined ? {} : { failure };
  };

  const started = startAll();
  return {
    started,
    ended: Promise.all([begins, started]).then(stopAll),
    stop: () => end(),
    kill: () => {
      killed = true;
      end();
      for (const part of running.keys()) void part.kill();
    },
  };
}
