/** Errors of these kinds are bugs of ours, and their stack is what helps. */
const BUGS = [TypeError, ReferenceError, RangeError, SyntaxError];

/**
 * Runs a program's main function and ends the process with its exit code, or with 1 and the reason on stderr.
 */
export async function runProgram(main: () => Promise<number>): Promise<never> {
  try {
    process.exit(await main());
  } catch (error) {
    const forPeople = error instanceof Error && !BUGS.some((bug) => error instanceof bug);
    console.error(forPeople ? error.message : error);
    process.exit(1);
  }
}
