// A program for tests: prints as many lines of a thousand characters as its argument says, and ends.
import { runProgram } from './run-program.ts';

await runProgram(async () => {
  for (let n = 0; n < Number(process.argv[2]); n += 1) console.log('x'.repeat(999));
  return 0;
});
