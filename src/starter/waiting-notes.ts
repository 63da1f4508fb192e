import { setTimeout as pause } from 'node:timers/promises';
import type { Session } from './session.ts';
import type { Wait } from './wait.ts';
import { waitSummary } from './wait-text.ts';

/** Most commands are done by then, and say nothing. */
const FIRST_LOOK_AFTER_MS = 500;
const LOOK_EVERY_MS = 1_000;

/**
 * Says on stderr what a command waits for, and says it again when the reason changes, until it is stopped.
 * @param name of what is waited for: `order-7`
 * @param look what it waits for now, what keeps it from going on first
 * @param more added to each note, such as until when the command waits; default nothing
 * @returns a function that stops it
 */
export function noteWaits(
  { output }: Pick<Session, 'output'>,
  name: string,
  look: () => Promise<readonly Wait[]>,
  more = '',
): () => void {
  const stopped = new AbortController();
  const { signal } = stopped;
  const watch = async () => {
    let noted: string | undefined;
    await pause(FIRST_LOOK_AFTER_MS, undefined, { signal });
    while (!signal.aborted) {
      // What is only displayed must not end the command.
      const [wait] = await look().catch(() => []);
      const reason = wait && reasonOf(wait);
      if (wait !== undefined && reason !== noted && !signal.aborted) {
        output.note(`${name} waits: ${waitSummary(wait, Date.now())}${more}`);
        noted = reason;
      }
      await pause(LOOK_EVERY_MS, undefined, { signal });
    }
  };
  watch().catch(() => undefined);
  return () => stopped.abort();
}

/** The same for all attempts that fail in the same way. */
function reasonOf(wait: Wait): string {
  switch (wait.kind) {
    case 'workflow task':
      return `${wait.kind} ${wait.error}`;
    case 'activity':
      // Errors may differ in times and ids alone.
      return `${wait.kind} ${wait.activity} ${wait.error?.replaceAll(/\d+/g, '#') ?? wait.endsByMs ?? ''}`;
    default:
      return wait.kind;
  }
}
