import { Command, CommanderError, Help, InvalidArgumentError, type Option, type OutputConfiguration } from 'commander';
import pc from 'picocolors';
import { didYouMean } from '../../contracts/did-you-mean.ts';
import { errorMessage } from '../../contracts/errors.ts';
import { readWholeNumber } from '../../contracts/whole-number.ts';
import { maskOutput } from '../secrets/mask-output.ts';
import { columnsOf, USUAL_COLUMNS } from '../terminal/columns-of.ts';
import { fitted, MIN_COLUMNS_TO_WRAP } from '../terminal/wrapped.ts';
import { stdoutIsResult } from './stdout-result.ts';

/** The exit code of every program whose command line is wrong. */
export const WRONG_USE = 2;

/** Commander removes the colours where they are not wanted. */
const { bold } = pc.createColors(true);
/** How commander introduces the error of {@link oneOf} about an argument. */
const NOT_ONE_OF = /^error: command-argument value '(.*)' is invalid for argument '.*?'\. not /;

/** What the help says about a program, or about one of its commands. */
interface ProgramHelp {
  /** What each exit code means: `{ 0: 'done', 1: 'failed' }`. 2 is wrong use. */
  readonly exitCodes?: Readonly<Record<number, string>>;
  /** Further terms, by the title of their section; default none. */
  readonly sections?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Environment variables that people change most, and what they decide; default none. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** Where help and errors go: by default to stdout and stderr, in the width of each. */
type HelpOutput = Pick<OutputConfiguration, 'writeOut' | 'writeErr' | 'getOutHelpWidth' | 'getErrHelpWidth'>;

/**
 * The command line of a program. Its help fits the terminal; a wrong command line is reported with a suggestion and how
 * to get help.
 * @param usage how people start the program: `npm run demo --`
 */
export function createCommandLine(
  usage: string,
  { description, ...help }: ProgramHelp & { readonly description: string },
  output: HelpOutput = {},
): Command {
  const command = new Command(usage)
    .description(description)
    .configureHelp({ minWidthToWrap: MIN_COLUMNS_TO_WRAP, styleTitle: bold, optionDescription: withoutDefaultFalse })
    .configureOutput({
      getOutHelpWidth: () => columnsOf(process.stdout),
      getErrHelpWidth: () => columnsOf(process.stderr),
      outputError: (given, write) => {
        const text = given.replace(NOT_ONE_OF, "error: '$1' is not ");
        write(fitted(maskOutput(text), process.stderr));
      },
      ...output,
    })
    .exitOverride()
    .helpCommand(false)
    .showHelpAfterError(`Help: ${usage} --help`);
  return describeCommand(command, help);
}

/**
 * Adds a command to a program that has several; the default one runs when none is given. Its help says how to start it,
 * and what its exit codes mean.
 */
export function addCommand(
  program: Command,
  name: string,
  {
    summary,
    description,
    isDefault = false,
    ...help
  }: ProgramHelp & Readonly<Record<'summary' | 'description', string>> & { readonly isDefault?: boolean },
): Command {
  const command = program.command(name, { isDefault }).summary(summary).description(description);
  return describeCommand(command.showHelpAfterError(`Help: ${program.name()} ${name} --help`), help);
}

function describeCommand(command: Command, { exitCodes, settings = {}, sections = {} }: ProgramHelp): Command {
  const codes = exitCodes === undefined ? {} : { [WRONG_USE]: 'wrong use', ...exitCodes };
  for (const [title, rows] of Object.entries({ ...sections, Settings: settings, 'Exit codes': codes })) {
    if (Object.keys(rows).length > 0) command.addHelpText('after', ({ error }) => section(command, title, rows, error));
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
  return (await parseCommandLine(command, args)) ?? exitCode;
}

/**
 * Parses a command line and runs the actions of its commands, unless it asks for help or is wrong, which is then reported.
 * @returns the exit code for help (0) or for wrong use (2); undefined when an action has run
 */
export async function parseCommandLine(command: Command, args: readonly string[]): Promise<number | undefined> {
  try {
    await command.parseAsync(args, { from: 'user' });
    return undefined;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode !== 0) return WRONG_USE;
    // Of a program that otherwise prints a log, too.
    stdoutIsResult();
    return 0;
  }
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
  return ['', help.styleTitle(`${title}:`), ...lines].join('\n');
}
