import { describe, expect, test } from '@jest/globals';
import { startProgram } from '../../src/platform/processes/start-program.ts';

/** What `npm run demo -- <args>` prints and ends with. */
async function demo(...args: readonly string[]) {
  const child = await startProgram({
    name: 'the demo',
    program: 'demos/walk-throughs/main.ts',
    args,
    env: { PATH: process.env.PATH, HOME: process.env.HOME },
  });
  const { code } = await child.exited;
  return { code, output: child.output.tail().join('\n') };
}

describe('a demo is not started, with exit code 2 and what is allowed, by', () => {
  test.each([
    // Not just any unknown name: one that every object has.
    [
      'a name that no demo has',
      ['toString'],
      'there are scenario, simple, crash, errors, idempotence, live-fix, transfer, live-fix-transfer.',
    ],
    [
      'a number of orders out of bounds',
      ['--orders', '201'],
      "argument '201' is invalid. expected a whole number from 1 to 200.",
    ],
    [
      'faults that its service does not know',
      ['simple', '--faults', 'workshop'],
      "simple has no faults 'workshop': choose one of calm",
    ],
  ])('%s', async (_, args, allowed) => {
    const { code, output } = await demo(...args);
    expect(output).toContain(allowed);
    expect(code).toBe(2);
  });
});
