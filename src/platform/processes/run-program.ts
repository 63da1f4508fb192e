import { inspect } from 'node:util';
import { isNativeError } from 'node:util/types';
import { errorMessage } from '../../contracts/errors.ts';

/** Errors of these types are bugs of ours, so their stack trace is printed. */
const BUGS = [TypeError, ReferenceError, RangeError, SyntaxError];

/** Runs a program's main function and exits with its exit code, or with 1 and the error message on stderr. */
export async function runProgram(main: () => Promise<number>): Promise<never> {
  try {
    process.exit(await main());
  } catch (error) {
    console.error(printed(error));
    process.exit(1);
  }
}

function printed(error: unknown): string {
  if (isNativeError(error) && !BUGS.some((bug) => error instanceof bug)) return errorMessage(error);
  try {
    return inspect(error, { colors: process.stderr.hasColors?.() === true });
  } catch {
    return errorMessage(error);
  }
}
