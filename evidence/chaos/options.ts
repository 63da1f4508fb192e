import { InvalidArgumentError } from 'commander';
import { MAX_SEED } from '../../src/contracts/whole-number.ts';
import { createCommandLine, wholeNumber } from '../../src/platform/processes/command-line.ts';

const MAX_MINUTES = 24 * 60;

export interface Options {
  readonly minutes: number;
  readonly seed: number;
  readonly json: boolean;
  readonly keep: boolean;
  readonly report?: string;
  readonly replay?: string;
}

/**
 * Reads the command line.
 * @throws CommanderError after writing the error to stderr, or after printing the help
 */
export function readOptions(
  args: readonly string[],
  stderr: (text: string) => void = (text) => process.stderr.write(text),
): Options {
  return createCommandLine('npm run chaos --', {
    description:
      'Runs orders on a real Temporal server, ticket system and two workers while these processes are killed, frozen and ' +
      'restarted and every call may fail. Checks all invariants from outside after each round.',
    exitCodes: { 0: 'every invariant held', 1: 'not every one; then everything is kept' },
  })
    .option('--minutes <number>', `how long to run, up to ${MAX_MINUTES}`, minutesOf, 2)
    .option('--seed <number>', 'seed of stops, faults and client steps', wholeNumber(0, MAX_SEED), 112_358)
    .option('--json', 'print the report as one JSON object; progress goes to stderr', false)
    .option('--report <file>', 'also write the report to this file, as JSON')
    .option('--keep', 'keep databases, logs and histories even if every invariant holds', false)
    .option('--replay <folder>', 'only replay the kept histories in this folder with the current workflow code')
    .configureOutput({ writeErr: stderr })
    .parse(args, { from: 'user' })
    .opts<Options>();
}

function minutesOf(text: string): number {
  const value = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && value > 0 && value <= MAX_MINUTES) return value;
  throw new InvalidArgumentError(`expected minutes above 0 and up to ${MAX_MINUTES}, such as 10 or 0.5.`);
}
