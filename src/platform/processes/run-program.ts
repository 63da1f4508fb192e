import { inspect } from 'node:util';
import { isNativeError } from 'node:util/types';
import { errorMessage } from '../../contracts/errors.ts';
import { maskOutput } from '../secrets/mask-output.ts';
import { printError } from '../terminal/print.ts';
import { exitSoon, written } from './exit-soon.ts';
import { isStdoutResult, stdoutIsLog, stdoutIsResult } from './stdout-result.ts';

/** Errors of these types are bugs of ours, so their stack trace is printed. */
const BUGS = [TypeError, ReferenceError, RangeError, SyntaxError];

interface RunOptions {
  /**
   * What the program prints on stdout. A `result` must reach its reader: the program waits for him before it exits, and
   * fails if the result cannot be written. `logs` are only logs. Default `result`.
   */
  readonly stdout?: 'result' | 'logs';
}

// From the start, because a help text may be printed before the main function is called.
stdoutIsResult();

/** Runs a program's main function and exits with its exit code, or with 1 and the error message on stderr. */
export async function runProgram(main: () => Promise<number>, { stdout = 'result' }: RunOptions = {}): Promise<never> {
  if (stdout === 'logs') stdoutIsLog();
  const exitCode = await exitCodeOf(main);
  // Also if its help was all that the program has printed.
  if (isStdoutResult()) await written(process.stdout);
  return exitSoon(exitCode);
}

async function exitCodeOf(main: () => Promise<number>): Promise<number> {
  try {
    return await main();
  } catch (error) {
    if (isBug(error)) console.error(maskOutput(inspected(error)));
    else printError(errorMessage(error));
    return 1;
  }
}

/** What is no error at all is a bug as well. */
function isBug(error: unknown): boolean {
  return !isNativeError(error) || BUGS.some((bug) => error instanceof bug);
}

function inspected(error: unknown): string {
  try {
    return inspect(error, { colors: process.stderr.hasColors?.() === true });
  } catch {
    return errorMessage(error);
  }
}
