import { Command, CommanderError, Help, InvalidArgumentError, type Option } from 'commander';
import pc from 'picocolors';
import { didYouMean } from '../../contracts/did-you-mean.ts';
import { errorMessage } from '../../contracts/errors.ts';
import { readWholeNumber } from '../../contracts/whole-number.ts';

/** The exit code of every program whose command line is wrong. */
export const WRONG_USE = 2;

/** The width of a text for people where no terminal tells its own. */
export const USUAL_COLUMNS = 80;

/** Commander removes the colours where they are not wanted. */
const { bold } = pc.createColors(true);
/** A description that has fewer columns than this is not wrapped. */
const MIN_COLUMNS = 12;

/** How commander introduces the error of {@link oneOf} about an argument. */
const NOT_ONE_OF = /^error: command-argument value '(.*)' is invalid for argument '.*?'\. not /;

interface ProgramHelp {
  readonly description: string;
  /** What each exit code means, beside 2 for wrong use: `{ 0: 'done', 1: 'failed' }`. */
  readonly exitCodes: Readonly<Record<number, string>>;
  /** Further terms, by the title of their section; default none. */
  readonly sections?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Environment variables that people change most, and what they decide; default none. */
  readonly settings?: Readonly<Record<string, string>>;
}

/**
 * The command line of a program. Its help fits the terminal; a wrong command line is reported with a suggestion and how
 * to get help.
 * @param usage how people start the program: `npm run demo --`
 */
export function createCommandLine(
  usage: string,
  { description, exitCodes, settings = {}, sections: others = {} }: ProgramHelp,
): Command {
  const command = new Command(usage)
    .description(description)
    .configureHelp({ minWidthToWrap: MIN_COLUMNS, styleTitle: bold, optionDescription: withoutDefaultFalse })
    .configureOutput({
      getOutHelpWidth: () => columnsOf(process.stdout),
      getErrHelpWidth: () => columnsOf(process.stderr),
      outputError: (given, write) => {
        const text = given.replace(NOT_ONE_OF, "error: '$1' is not ");
        write(process.stderr.isTTY ? wrapped(text, columnsOf(process.stderr)) : text);
      },
    })
    .exitOverride()
    .helpCommand(false)
    .showHelpAfterError(`Help: ${usage} --help`);
  const sections = { ...others, Settings: settings, 'Exit codes': { ...exitCodes, [WRONG_USE]: 'wrong use' } };
  for (const [title, rows] of Object.entries(sections)) {
    command.addHelpText('after', ({ error }) => section(command, title, rows, error));
  }
  return command;
}

/**
 * Parses a command line and runs the program, unless it asks for help or is wrong, which is then reported.
 * @param run gets the arguments in their order, and then the options
 * @returns the exit code of `run`, 0 for help, 2 for wrong use
 */
export async function runCommandLine<Given extends unknown[]>(
  command: Command,
  args: readonly string[],
  run: (...given: Given) => Promise<number>,
): Promise<number> {
  let exitCode = 0;
  command.action(async (...given: Given) => {
    exitCode = await run(...given);
  });
  try {
    await command.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : WRONG_USE;
    throw error;
  }
  return exitCode;
}

/**
 * Parses an option or argument of commander as a whole number; commander reports an error with the option's name.
 * @param min,max both included
 */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    try {
      return readWholeNumber(text, min, max);
    } catch (error) {
      throw new InvalidArgumentError(`${errorMessage(error)}.`);
    }
  };
}

/**
 * Parses an option or argument of commander as one of several names; commander reports an error with the option's name.
 * @param what such as `a demo`
 */
export function oneOf<Name extends string>(what: string, names: readonly Name[]): (text: string) => Name {
  return (text) => {
    const name = names.find((each) => each === text);
    if (name !== undefined) return name;
    throw new InvalidArgumentError(`not ${what}: choose one of ${names.join(', ')}.${didYouMean(text, names)}`);
  };
}

/** That a flag is off by default goes without saying. */
function withoutDefaultFalse(this: Help, option: Option): string {
  return option.defaultValue === false ? option.description : Help.prototype.optionDescription.call(this, option);
}

function section(command: Command, title: string, rows: Readonly<Record<string, string>>, isError: boolean): string {
  const { getOutHelpWidth, getErrHelpWidth } = command.configureOutput();
  const help = command.createHelp();
  help.prepareContext({ helpWidth: (isError ? getErrHelpWidth : getOutHelpWidth)?.() ?? USUAL_COLUMNS });
  const width = Math.max(...Object.keys(rows).map((term) => term.length));
  const lines = Object.entries(rows).map(([term, text]) => help.formatItem(term, width, text, help));
  return lines.length === 0 ? '' : ['', help.styleTitle(`${title}:`), ...lines].join('\n');
}

/** A text that is wrapped at words. A word that is longer than a line is not broken. */
export function wrapped(text: string, columns: number): string {
  const help = new Help();
  help.minWidthToWrap = MIN_COLUMNS;
  help.prepareContext({ helpWidth: columns });
  return help.boxWrap(text, columns);
}

function columnsOf({ isTTY, columns }: NodeJS.WriteStream): number {
  return (isTTY && columns) || USUAL_COLUMNS;
}
