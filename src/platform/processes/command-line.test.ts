import { describe, expect, test } from '@jest/globals';
import { createCommandLine, oneOf, runCommandLine, wholeNumber } from './command-line.ts';

const NAMES = ['main', 'crash', 'live-fix', 'live-fix-transfer', 'toString-like'];

/** Runs a command line on a stream of this width, and returns what it prints and its exit code. */
async function run(args: readonly string[], columns = 80) {
  let out = '';
  let err = '';
  const ran: unknown[][] = [];
  const command = createCommandLine('npm run demo --', {
    description: 'Runs a demo on free ports with its own database, and ends with the verdict of an audit.',
    settings: { TEMPORAL_ADDRESS: 'a Temporal server of your own; then none is started' },
    exitCodes: { 0: 'the verdict is good', 1: 'it is not, or the demo was stopped before it had come to a verdict' },
  })
    .argument('[name]', `one of ${NAMES.join(', ')}`, oneOf('a demo', NAMES), 'main')
    .option('--seed <n>', 'the same seed gives the same faults', wholeNumber(0, 9), 7)
    .option('--json', 'print one JSON object', false)
    .configureOutput({
      writeOut: (text) => {
        out += text;
      },
      writeErr: (text) => {
        err += text;
      },
      getOutHelpWidth: () => columns,
    });
  const exitCode = await runCommandLine(command, args, async (...given: unknown[]) => {
    ran.push(given.slice(0, -1));
    return 3;
  });
  return { out, err, exitCode, ran };
}

test('the program gets its arguments and options, and decides about the exit code', async () => {
  expect(await run(['crash', '--seed', '3'])).toEqual({
    ...{ out: '', err: '', exitCode: 3 },
    ran: [['crash', { seed: 3, json: false }]],
  });
});

describe('help', () => {
  test.each(['--help', '-h'])('is printed for %s, with settings and exit codes, and nothing runs', async (option) => {
    const { out, err, exitCode, ran } = await run(['crash', option]);
    expect({ err, exitCode, ran }).toEqual({ err: '', exitCode: 0, ran: [] });
    expect(out).toContain('Usage: npm run demo -- [options] [name]');
    expect(out).toMatch(/\nSettings:\n {2}TEMPORAL_ADDRESS {2}a Temporal server of your own/);
    expect(out).toMatch(
      /\nExit codes:\n {2}0 {2}the verdict is good\n {2}1 {2}it is not.*\n(?: {5}.*\n)* {2}2 {2}wrong use\n/,
    );
    expect(out).not.toContain('default: false');
  });

  test.each([120, 80, 40])('wraps at words to a terminal of %d columns', async (columns) => {
    const { out } = await run(['--help'], columns);
    expect(out.split('\n').filter((line) => line.length > columns)).toEqual([]);
    expect(out.replaceAll(/\s+/g, ' ')).toContain('it is not, or the demo was stopped before it had come to a verdict');
  });
});

describe('a wrong command line ends with exit code 2, a suggestion and how to get help:', () => {
  test.each([
    ['an option that does not exist', ['--sed', '7'], "unknown option '--sed'\n(Did you mean --seed?)"],
    [
      'a name that does not exist',
      ['crsh'],
      "error: 'crsh' is not a demo: choose one of main, crash, live-fix, live-fix-transfer",
    ],
    ['a misspelt name', ['crsh'], '(Did you mean crash?)'],
    ['a name that every object has', ['toString'], "'toString' is not a demo"],
    ['a number out of range', ['--seed', '10'], "argument '10' is invalid. expected a whole number from 0 to 9."],
    ['too many arguments', ['crash', 'main'], 'too many arguments'],
  ])('%s', async (_, args, sentence) => {
    const { out, err, exitCode, ran } = await run(args);
    expect(err).toContain(sentence);
    expect(err).toContain('Help: npm run demo -- --help');
    expect({ out, exitCode, ran }).toEqual({ out: '', exitCode: 2, ran: [] });
  });

  test.each([[['4242 4242 4242 4242']], [['--4242424242424242']], [['--seed', '4242424242424242']]])(
    'what it repeats of %j is masked',
    async (args) => {
      const { err, exitCode } = await run(args);
      expect(err).toMatch(/\*{4}.*4242/);
      expect(err).not.toMatch(/4242.?4242/);
      expect(exitCode).toBe(2);
    },
  );
});
