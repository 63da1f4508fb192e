import { errorMessage } from '../../contracts/errors.ts';

/** A child process, or a server that runs in one. */
export interface RunningPart {
  /** Resolves with how it ended, such as `ended with exit code 1`; never rejects. */
  readonly ended: Promise<string>;
  /** Lets it shut down. */
  stop(): Promise<unknown>;
  kill(): Promise<unknown>;
}

export interface Part {
  readonly name: string;
  /**
   * Starts it and waits until it is ready. Stops what it has started when it fails or when `signal` aborts, and kills it
   * when `kill` aborts as well.
   */
  start(signal: AbortSignal, kill: AbortSignal): Promise<RunningPart>;
}

export interface Supervisor {
  /** Resolves when every part is ready, or when they are being stopped. */
  readonly started: Promise<'ready' | 'ending'>;
  /** Resolves when every part has ended, with the reason when one ended by itself or could not be started. */
  readonly ended: Promise<{ readonly failure?: string }>;
  /** Stops the parts one after the other, the last started first. */
  stop(): void;
  /** Kills all parts at once. */
  kill(): void;
}

/**
 * Starts parts one after the other, each when the one before is ready. When one of them ends, stops the others and reports
 * how it ended.
 */
export function supervise(parts: readonly Part[], onStop: (name: string) => void = () => undefined): Supervisor {
  const running = new Map<RunningPart, string>();
  const ending = new AbortController();
  const killing = new AbortController();
  let failure: string | undefined;

  const endBegins = new Promise<void>((resolve) => ending.signal.addEventListener('abort', () => resolve()));
  const end = (reason?: string) => {
    if (ending.signal.aborted) return;
    failure = reason;
    ending.abort();
  };

  const startAll = async (): Promise<'ready' | 'ending'> => {
    for (const { name, start } of parts) {
      if (ending.signal.aborted) break;
      try {
        const part = await start(ending.signal, killing.signal);
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
      await (killing.signal.aborted ? part.kill() : part.stop());
    }
    return failure === undefined ? {} : { failure };
  };

  const started = startAll();
  return {
    started,
    ended: Promise.all([endBegins, started]).then(stopAll),
    stop: () => end(),
    kill: () => {
      end();
      killing.abort();
      for (const part of running.keys()) void part.kill();
    },
  };
}
