import { errorMessage } from '../../contracts/errors.ts';
import { type Child, describeExit } from './start-child.ts';
import { waitUntil } from './wait-until.ts';

interface Readiness {
  /** What to wait for, for the message: `the line "worker is ready"`. */
  readonly what: string;
  readonly timeoutMs: number;
}

/** A child has not become ready. The message contains the most informative lines of its output. */
export class NotReadyError extends Error {
  override readonly name = 'NotReadyError';
  /** What is wrong, without its output. */
  readonly reason: string;
  /** The last lines of the child's output, at most 100. */
  readonly output: readonly string[];

  constructor(reason: string, { output }: Child, options?: ErrorOptions) {
    super(`${reason}${informativeLines(output.tail())}`, options);
    this.reason = reason;
    this.output = output.tail();
  }
}

const SHOWN_LINES = 10;

/**
 * Waits until a child has printed a line.
 * @throws NotReadyError when it exits first or the time is up
 */
export async function untilLine(child: Child, line: RegExp, readiness: Readiness): Promise<RegExpExecArray> {
  let match: RegExpExecArray | undefined;
  void child.output.lineMatching(line).then((found) => {
    match = found;
  });
  return await untilReady(child, () => match, readiness);
}

/**
 * Waits until a check succeeds. A check that throws is repeated.
 * @throws NotReadyError when the child exits first or the time is up
 */
export async function untilReady<T>(
  child: Child,
  check: () => Promise<T | undefined> | T | undefined,
  { what, timeoutMs }: Readiness,
): Promise<T> {
  let ended: NotReadyError | undefined;
  void child.exited.then((exit) => {
    ended = new NotReadyError(`${child.name} ${describeExit(exit)} before it was ready`, child);
  });
  const checkUnlessEnded = () => {
    if (ended !== undefined) throw ended;
    return check();
  };
  try {
    return await waitUntil(checkUnlessEnded, { what, timeoutMs, retryable: () => ended === undefined });
  } catch (error) {
    if (ended !== undefined) throw ended;
    throw new NotReadyError(`${child.name} is not ready: ${errorMessage(error)}`, child, { cause: error });
  }
}

/** The last lines, or, when a Go program has panicked, the lines before its long stack trace. */
function informativeLines(output: readonly string[]): string {
  if (output.length === 0) return '; it printed nothing';
  const panic = output.findIndex((line) => line.startsWith('panic: '));
  const [what, lines] =
    panic === -1
      ? ['its last lines', output.slice(-SHOWN_LINES)]
      : ['it panicked', output.slice(Math.max(0, panic - SHOWN_LINES / 2), panic + SHOWN_LINES / 2)];
  return `; ${what}:\n${lines.map((line) => `  ${line}`).join('\n')}`;
}
