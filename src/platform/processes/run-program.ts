/** Errors of these types are bugs of ours, so their stack trace is printed. */
const BUGS = [TypeError, ReferenceError, RangeError, SyntaxError];

/** Runs a program's main function and exits with its exit code, or with 1 and the error message on stderr. */
export async function runProgram(main: () => Promise<number>): Promise<never> {
  try {
    process.exit(await main());
  } catch (error) {
    const isMessageEnough = error instanceof Error && !BUGS.some((bug) => error instanceof bug);
    console.error(isMessageEnough ? error.message : error);
    process.exit(1);
  }
}
