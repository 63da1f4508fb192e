import { Command, InvalidArgumentError } from 'commander';

const LONGEST_MINUTES = 24 * 60;
const LARGEST_SEED = 4_294_967_295;

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
 * @throws CommanderError after it has said what is wrong, or has shown the help
 */
export function readOptions(
  args: readonly string[],
  stderr: (text: string) => void = (text) => process.stderr.write(text),
): Options {
  return new Command('npm run chaos --')
    .description(
      'Orders all the time, on a real Temporal server, the ticket system and two workers, while these are killed, frozen' +
        ' and restarted and every call may fail; after each round all invariants are checked from outside.',
    )
    .option('--minutes <number>', `how long, up to ${LONGEST_MINUTES}`, minutesOf, 2)
    .option('--seed <number>', 'of stops, faults and clients', seedOf, 112_358)
    .option('--json', 'the report as one JSON object; what is told goes to stderr', false)
    .option('--report <file>', 'writes the report as JSON into this file as well')
    .option('--keep', 'keeps databases, logs and histories also when nothing is wrong', false)
    .option('--replay <folder>', 'instead: runs the workflows of today over histories that were kept')
    .allowExcessArguments(false)
    .configureOutput({ writeErr: stderr })
    .addHelpText('after', '\nExit code: 0 every invariant held, 1 one did not and everything is kept, 2 wrong use.')
    .exitOverride()
    .parse(args, { from: 'user' })
    .opts<Options>();
}

function minutesOf(text: string): number {
  const value = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && value > 0 && value <= LONGEST_MINUTES) return value;
  throw new InvalidArgumentError(`expected minutes above 0 and up to ${LONGEST_MINUTES}, such as 10 or 0.5.`);
}

function seedOf(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value <= LARGEST_SEED) return value;
  throw new InvalidArgumentError(`expected a whole number from 0 to ${LARGEST_SEED}.`);
}
