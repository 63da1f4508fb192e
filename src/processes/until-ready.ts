import { errorMessage } from './error-message.ts';
import { type Child, describeExit } from './start-child.ts';
import { waitUntil } from './wait-until.ts';

export interface Readiness {
  /** What is waited for, for the message: `the line "worker is ready"`. */
  readonly what: string;
  readonly timeoutMs: number;
}

/** A child did not become ready; the message has its last lines. */
export class NotReadyError extends Error {
  override readonly name = 'NotReadyError';
}

/**
 * Waits until a child has printed a line.
 * @throws NotReadyError when it ends before, or the time is up
 */
export async function untilLine(child: Child, line: RegExp, readiness: Readiness): Promise<RegExpExecArray> {
  let match: RegExpExecArray | undefined;
  void child.output.lineMatching(line).then((found) => {
    match = found;
  });
  return await untilReady(child, () => match, readiness);
}

/**
 * Waits until a check of a child succeeds; a check that throws has not succeeded yet.
 * @throws NotReadyError when the child ends before, or the time is up
 */
export async function untilReady<T>(
  child: Child,
  check: () => Promise<T | undefined> | T | undefined,
  { what, timeoutMs }: Readiness,
): Promise<T> {
  let ended: NotReadyError | undefined;
  void child.exited.then((exit) => {
    ended = new NotReadyError(`${child.name} ${describeExit(exit)} before it was ready${lastLines(child)}`);
  });
  const checkUnlessEnded = () => {
    if (ended !== undefined) throw ended;
    return check();
  };
  try {
    return await waitUntil(checkUnlessEnded, { what, timeoutMs, retryable: () => ended === undefined });
  } catch (error) {
    if (ended !== undefined) throw ended;
    const reason = errorMessage(error);
    throw new NotReadyError(`${child.name} is not ready: ${reason}${lastLines(child)}`, { cause: error });
  }
}

function lastLines(child: Child): string {
  const lines = child.output.tail().slice(-10);
  return lines.length === 0
    ? '; it printed nothing'
    : `; its last lines:\n${lines.map((line) => `  ${line}`).join('\n')}`;
}
