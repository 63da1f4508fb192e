import { setTimeout as pause } from 'node:timers/promises';
import { errorMessage } from '../../contracts/errors.ts';
import { type Child, describeExit } from '../processes/start-child.ts';
import { NotReadyError } from '../processes/until-ready.ts';
import type { Part } from './supervise.ts';

interface RestartingPartOptions {
  readonly name: string;
  /** Like the start of a {@link Part}. Its output is printed already when it fails. */
  readonly start: (signal: AbortSignal, kill: AbortSignal) => Promise<Child>;
  /** How long it may take to finish what it has begun. */
  readonly graceMs: number;
  /** How long it is missing after a kill. */
  readonly missingForMs: number;
  /** What is printed when it has been killed, beside when a new one starts. */
  readonly whenKilled: string;
  /** Calls back with the name of each changed file of its source, until the returned function is called. */
  readonly watch: (onChange: (file: string) => void) => () => void;
  readonly say: (line: string) => void;
}

/**
 * A part that is started again when somebody has killed it, after a pause in which people can see that it is missing,
 * and when its source has changed. If it cannot be started again, it waits for the next change. It ends when it ends by
 * itself, which is a failure, and when it cannot be started the first time.
 */
export function restartingPart({
  name,
  graceMs,
  missingForMs,
  whenKilled,
  say,
  ...options
}: RestartingPartOptions): Part {
  return {
    name,
    async start(signal, kill) {
      let child: Child | undefined = await options.start(signal, kill);
      const ending = new AbortController();
      const killing = new AbortController();
      const changes = createChanges(options.watch);

      /** Returns undefined if it could not be started, or is being ended. */
      const startAgain = async (): Promise<Child | undefined> => {
        try {
          const started = await options.start(ending.signal, killing.signal);
          if (ending.signal.aborted) {
            await started.stop(graceMs);
            return undefined;
          }
          say(`the ${name} runs again`);
          return started;
        } catch (error) {
          if (ending.signal.aborted) return undefined;
          const reason = error instanceof NotReadyError ? error.reason : errorMessage(error);
          say(`the ${name} could not be started again: ${reason}`);
          say(
            `everything else goes on. The next change of the source starts the ${name} again; npm run ${name} starts one by hand`,
          );
          return undefined;
        }
      };

      const run = async (): Promise<string> => {
        const aborted = new Promise<void>((resolve) => ending.signal.addEventListener('abort', () => resolve()));
        while (!ending.signal.aborted) {
          const exit = await Promise.race([aborted, changes.untilChanged(), ...(child ? [child.exited] : [])]);
          if (ending.signal.aborted) break;
          if (exit === undefined) {
            say(`${changes.take()} has changed: the ${name} starts again`);
            await child?.stop(graceMs);
          } else if (exit.signal === 'SIGKILL') {
            child = undefined;
            say(`the ${name} was killed. ${whenKilled}`);
            say(`a new one starts in ${missingForMs / 1_000} s`);
            await pause(missingForMs, undefined, { signal: ending.signal }).catch(() => undefined);
          } else return describeExit(exit);
          changes.take();
          child = ending.signal.aborted ? undefined : await startAgain();
        }
        return child === undefined ? 'has stopped' : describeExit(await child.exited);
      };

      const ended = run().finally(changes.close);
      const end = (how: 'stop' | 'kill') => {
        ending.abort();
        if (how === 'kill') killing.abort();
        void (how === 'kill' ? child?.kill() : child?.stop(graceMs));
        return ended;
      };
      return { ended, stop: () => end('stop'), kill: () => end('kill') };
    },
  };
}

/** Remembers a change until it is taken. */
function createChanges(watch: RestartingPartOptions['watch']) {
  let changed: string | undefined;
  let wake: () => void = () => undefined;
  const close = watch((file) => {
    changed = file;
    wake();
  });
  return {
    close,
    untilChanged: () =>
      new Promise<undefined>((resolve) => {
        wake = () => resolve(undefined);
        if (changed !== undefined) wake();
      }),
    take() {
      const taken = changed;
      changed = undefined;
      return taken;
    },
  };
}
