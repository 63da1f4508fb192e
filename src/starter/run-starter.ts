import { Command, CommanderError } from 'commander';
import { readTerms, type TransferTerms } from '../contracts/transfer.ts';
import { SettingsError } from '../platform/config/settings.ts';
import { WRONG_USE, wholeNumber } from '../platform/processes/command-line.ts';
import { cancelCommand } from './cancel.ts';
import { type KindGiven, meaningsOf, onWorkflow } from './find-workflow.ts';
import { giveUpCommand } from './give-up.ts';
import { idsOf, MAX_COUNT, WrongUse } from './ids.ts';
import { listCommand, MAX_LISTED } from './list.ts';
import { orderKind } from './order.ts';
import { createOutput, type Output } from './output.ts';
import { type Session, withSession } from './session.ts';
import { statusCommand } from './status.ts';
import { submitCommand } from './submit-command.ts';
import { transferKind } from './transfer.ts';

const DEFAULT_LISTED = 20;

interface StarterOptions {
  /** Aborted when the user stops waiting. What was submitted keeps running. */
  readonly detach: AbortSignal;
  /** Where the settings come from; default `process.env`. */
  readonly env?: NodeJS.ProcessEnv;
  /** Default stdout and stderr of this process. */
  readonly output?: Output;
}

interface SubmitOptions {
  readonly count?: number;
  readonly json?: boolean;
  readonly wait: boolean;
}

interface ListOptions {
  readonly transfers?: boolean;
  readonly waiting?: boolean;
  readonly limit: number;
  readonly json?: boolean;
}

/**
 * Runs the starter's command line.
 * @returns the exit code: 0 done, 1 no ticket or failed, 2 wrong use
 */
export async function runStarter(args: readonly string[], options: StarterOptions): Promise<number> {
  const { detach, env = process.env, output = createOutput() } = options;
  let exitCode = 0;
  const run = async (command: (session: Session) => Promise<number>) => {
    exitCode = await withSession(env, { output, detach }, command);
  };
  const program = createProgram(output, run);
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : WRONG_USE;
    if (!(error instanceof WrongUse || error instanceof SettingsError)) throw error;
    output.note(error.message);
    return WRONG_USE;
  }
  return exitCode;
}

type Run = (command: (session: Session) => Promise<number>) => Promise<void>;

function createProgram(output: Output, run: Run): Command {
  const columns = () => output.columns() ?? 80;
  const program = new Command('npm run starter --')
    .description('Submits orders and transfers, says what they wait for, and cancels them.')
    .configureOutput({
      writeOut: (text) => output.print(text.trimEnd()),
      writeErr: (text) => output.note(text.trimEnd()),
      getOutHelpWidth: columns,
      getErrHelpWidth: columns,
    })
    .configureHelp({ minWidthToWrap: 30 })
    .exitOverride()
    .helpCommand('help [command]', 'show the help of a command')
    .showHelpAfterError()
    .addHelpText('after', '\nWith --json, npm itself must be silent: npm run -s starter -- list --json');
  addSubmitCommands(program, run);
  addQuestions(program, run);
  addEndingCommands(program, run);
  return program;
}

function addSubmitCommands(program: Command, run: Run): void {
  submitOptions(
    program
      .command('order')
      .summary('order tickets')
      .description('Order tickets. Submitting the same order again returns the same ticket.')
      .argument('[orderId...]', 'order ids; 7 is short for order-7 (default: one random id)'),
    'order',
  )
    .addHelpText('after', exitCodes('every order has its ticket (with --no-wait: is submitted)', 'not every order has'))
    .action(async (given: string[], { count, json = false, wait }: SubmitOptions) => {
      const ids = idsOf(orderKind.ids, given, count);
      await run((session) =>
        submitCommand(session, { kind: orderKind, ids, input: undefined, json, wait, announce: false }),
      );
    });

  submitOptions(
    program
      .command('transfer')
      .summary('move money between accounts')
      .description('Move money between accounts. Submitting the same id again never moves it twice.')
      .argument('<from>', 'source account, such as account_A')
      .argument('<to>', 'destination account')
      .argument('<amount>', 'positive decimal number with at most two decimals')
      .option('--id <id>', 'id of the transfer (default: a random id)'),
    'transfer',
  )
    .addHelpText(
      'after',
      exitCodes('every transfer is completed (with --no-wait: is submitted)', 'one was refunded, refused or cancelled'),
    )
    .action(async (from: string, to: string, amount: string, given: SubmitOptions & { id?: string }) => {
      const { id, count, json = false, wait } = given;
      const input = termsOf(from, to, amount);
      const ids = idsOf(transferKind.ids, id === undefined ? [] : [id], count);
      await run((session) =>
        submitCommand(session, { kind: transferKind, ids, input, json, wait, announce: id === undefined }),
      );
    });
}

function addQuestions(program: Command, run: Run): void {
  kindOptions(
    program
      .command('status')
      .summary('show what an order or a transfer waits for, and why')
      .description(
        'Show where an order or a transfer stands: how it ended, or what it waits for and what failed last.',
      ),
  )
    .option('--json', 'print one line of JSON')
    .addHelpText('after', exitCodes('the id exists', 'it does not'))
    .action((given: string, { json = false, ...kind }: KindGiven & { json?: boolean }) => {
      const meanings = meaningsOf(given, kind);
      return run((session) => onWorkflow(session, given, meanings, (found) => statusCommand(session, found, json)));
    });

  program
    .command('list')
    .summary('list orders or transfers')
    .description('List orders or transfers, running ones first: their state, their age, and what they wait for.')
    .option('--transfers', 'transfers instead of orders')
    .option('--waiting', 'only those that wait')
    .option('--limit <n>', `at most n (1 to ${MAX_LISTED})`, wholeNumber(1, MAX_LISTED), DEFAULT_LISTED)
    .option('--json', 'print one line of JSON for each')
    .addHelpText('after', exitCodes('listed, even if there is none', 'stopped by Ctrl-C'))
    .action(({ transfers = false, waiting = false, limit, json = false }: ListOptions) => {
      const options = { waiting, limit, json };
      return run((session) =>
        transfers
          ? listCommand(session, { kind: transferKind, ...options })
          : listCommand(session, { kind: orderKind, ...options }),
      );
    });
}

function addEndingCommands(program: Command, run: Run): void {
  kindOptions(
    program
      .command('cancel')
      .summary('cancel an order or a transfer')
      .description('Cancel an order or a transfer. It first checks which tickets exist, or what was moved.'),
  )
    .addHelpText('after', exitCodes('there is no ticket, or no money was moved for good', 'otherwise'))
    .action((given: string, kind: KindGiven) => {
      const meanings = meaningsOf(given, kind);
      return run((session) => onWorkflow(session, given, meanings, (found) => cancelCommand(session, found)));
    });

  program
    .command('give-up')
    .summary('close an order as unresolved')
    .description('Close an order whose ticket system will never come back, and record it as unresolved.')
    .argument('<orderId>')
    .requiredOption('--reason <text>', 'why; kept in the history')
    .addHelpText('after', exitCodes('the order and its late watches are closed', 'otherwise'))
    .action((given: string, { reason }: { reason: string }) => {
      if (reason.trim() === '') throw new WrongUse('--reason is empty; say why, it is kept in the history');
      const meanings = meaningsOf(given, { order: true });
      return run((session) => onWorkflow(session, given, meanings, (found) => giveUpCommand(session, found, reason)));
    });
}

function submitOptions(command: Command, name: string): Command {
  return command
    .option('--count <n>', `submit n ${name}s with random ids (1 to ${MAX_COUNT})`, wholeNumber(1, MAX_COUNT))
    .option('--json', `print one line of JSON per ${name}`)
    .option('--no-wait', 'submit and exit');
}

function kindOptions(command: Command): Command {
  return command
    .argument('<id>', 'id of an order or a transfer; 7 is short for order-7')
    .option('--order', 'the id is that of an order')
    .option('--transfer', 'the id is that of a transfer');
}

function exitCodes(success: string, otherwise: string): string {
  return `\nExit codes:\n  0  ${success}\n  1  ${otherwise}\n  2  wrong use or a wrong setting`;
}

/** @throws WrongUse when an account or the amount is not valid */
function termsOf(from: string, to: string, amount: string): TransferTerms {
  const terms = readTerms({ from, to, amount });
  if (typeof terms === 'string') throw new WrongUse(terms);
  return terms;
}
