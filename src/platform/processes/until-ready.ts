import { errorMessage } from '../../contracts/errors.ts';
import { type Child, describeExit } from './start-child.ts';
import { waitUntil } from './wait-until.ts';

export interface Readiness {
  /** What is waited for, for the message: `the line "worker is ready"`. */
  readonly what: string;
  readonly timeoutMs: number;
}

/** A child did not become ready; the message has the lines that tell most. */
export class NotReadyError extends Error {
  override readonly name = 'NotReadyError';
  /** All the lines of the child that are kept. */
  readonly output: readonly string[];

  constructor(what: string, { output }: Child, options?: ErrorOptions) {
    super(`${what}${tellingLines(output.tail())}`, options);
    this.output = output.tail();
  }
}

const SHOWN_LINES = 10;

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

/** The last lines; of a Go program that panicked those before its stack, which would push them out. */
function tellingLines(output: readonly string[]): string {
  if (output.length === 0) return '; it printed nothing';
  const panic = output.findIndex((line) => line.startsWith('panic: '));
  const [what, lines] =
    panic === -1
      ? ['its last lines', output.slice(-SHOWN_LINES)]
      : ['it panicked', output.slice(Math.max(0, panic - SHOWN_LINES / 2), panic + SHOWN_LINES / 2)];
  return `; ${what}:\n${lines.map((line) => `  ${line}`).join('\n')}`;
}
