import { describe, expect, test } from '@jest/globals';
import { MINIMAL_ENVIRONMENT } from '../../src/platform/processes/minimal-environment.ts';
import { startProgram } from '../../src/platform/processes/start-program.ts';

/** The output and the exit code of `npm run demo -- <args>`. */
async function demo(...args: readonly string[]) {
  const child = await startProgram({
    name: 'the demo',
    program: 'demos/walk-throughs/main.ts',
    args,
    env: MINIMAL_ENVIRONMENT,
  });
  const { code } = await child.exited;
  return { code, output: child.output.tail().join('\n') };
}

describe('a demo ends with exit code 2 and says what is allowed, given', () => {
  test.each([
    // A property that every object has.
    [
      'an unknown name',
      ['toString'],
      'not a demo: choose one of main, count, simple, crash, errors, idempotence, late-ticket, live-fix, transfer, live-fix-transfer.',
    ],
    ['too many orders', ['--orders', '201'], "argument '201' is invalid. expected a whole number from 1 to 200."],
    [
      'a fault preset that its service does not have',
      ['simple', '--faults', 'workshop'],
      "'workshop' is not a fault preset for simple: choose one of calm",
    ],
    ['steps where nobody can press Enter', ['--step'], '--step waits for Enter, but stdin is not a terminal'],
    ['an option that makes no difference', ['count', '--seed', '7'], 'count does not use --seed: leave it out.'],
    [
      'a guarantee under which no late ticket can appear',
      ['late-ticket', '--mode', 'deadline'],
      'late-ticket shows what the guarantee none means: leave out --mode.',
    ],
  ])('%s', async (_, args, allowed) => {
    const { code, output } = await demo(...args);
    expect(output).toContain(allowed);
    expect(code).toBe(2);
  });
});

test('the help of a demo says what each of them shows', async () => {
  const { code, output } = await demo('--help');
  expect(code).toBe(0);
  expect(output).toMatch(/Demos:\n +main +many orders/);
  expect(output).toMatch(/\n +late-ticket +a second ticket that appears late and is voided\n/);
});
