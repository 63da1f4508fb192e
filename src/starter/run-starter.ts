import { Command, CommanderError } from 'commander';
import { transferIdOf } from '../contracts/ids.ts';
import { readTerms, type TransferTerms } from '../contracts/transfer.ts';
import { readSettings, SettingsError } from '../platform/config/settings.ts';
import { wholeNumber } from '../platform/processes/command-line.ts';
import { cancelCommand } from './cancel.ts';
import { giveUpCommand } from './give-up.ts';
import { idsOf, MAX_COUNT, readId, WrongUse } from './ids.ts';
import type { Kind } from './kind.ts';
import { orderKind } from './order.ts';
import { createOutput, type Output } from './output.ts';
import { type Session, withSession } from './session.ts';
import { statusCommand } from './status.ts';
import { submitCommand } from './submit-command.ts';
import { transferKind } from './transfer.ts';

const WRONG_USE = 2;

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
  const { stdout } = output;
  const program = new Command('npm run starter --')
    .description('Submits orders and transfers, and checks or cancels them.')
    .configureOutput({
      writeOut: (text) => output.print(text.trimEnd()),
      writeErr: (text) => output.note(text.trimEnd()),
      getOutHelpWidth: () => (stdout.isTTY && stdout.columns) || 80,
      getErrHelpWidth: () => (stdout.isTTY && stdout.columns) || 80,
    })
    .configureHelp({ minWidthToWrap: 30 })
    .exitOverride()
    .helpCommand(false)
    .showHelpAfterError();

  submitOptions(
    program
      .command('order')
      .summary('order tickets')
      .description('Order tickets. Submitting the same order again returns the same ticket.')
      .argument('[orderId...]', 'order ids; 7 is short for order-7 (default: one random id)'),
    'order',
  ).action(async (given: string[], { count, json = false, wait }: SubmitOptions) => {
    const ids = idsOf(orderKind.ids, given, count);
    const { taskQueue } = readSettings(env);
    await run((session) =>
      submitCommand(session, { kind: orderKind, taskQueue, ids, input: undefined, json, wait, announce: false }),
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
  ).action(async (from: string, to: string, amount: string, given: SubmitOptions & { id?: string }) => {
    const { id, count, json = false, wait } = given;
    const input = termsOf(from, to, amount);
    const ids = idsOf(transferKind.ids, id === undefined ? [] : [id], count);
    const { taskQueue } = readSettings(env);
    await run((session) =>
      submitCommand(session, { kind: transferKind, taskQueue, ids, input, json, wait, announce: id === undefined }),
    );
  });

  program
    .command('status')
    .summary('show progress, pending steps and the last failures')
    .description('Show the progress of an order or a transfer, what it is waiting for and what failed last.')
    .argument('<id>', 'an order id, or transfer-<id>')
    .option('--json', 'print one line of JSON')
    .action(async (given: string, { json = false }: { json?: boolean }) => {
      await run(forAnyKind(given, (session, kind, id) => statusCommand(session, kind, id, json)));
    });

  program
    .command('cancel')
    .summary('cancel an order or a transfer')
    .description('Cancel an order or a transfer. It first checks which tickets exist, or what was moved.')
    .argument('<id>', 'an order id, or transfer-<id>')
    .action((given: string) => run(forAnyKind(given, cancelCommand)));

  program
    .command('give-up')
    .summary('close an order as unresolved')
    .description('Close an order whose ticket system will never come back, and record it as unresolved.')
    .argument('<orderId>')
    .requiredOption('--reason <text>', 'why; kept in the history')
    .action(async (given: string, { reason }: { reason: string }) => {
      const orderId = readId(orderKind.ids, given);
      if (reason.trim() === '') throw new WrongUse('--reason is empty; say why, it is kept in the history');
      await run((session) => giveUpCommand(session, orderId, reason));
    });

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

function submitOptions(command: Command, name: string): Command {
  return command
    .option('--count <n>', `submit n ${name}s with random ids (1 to ${MAX_COUNT})`, wholeNumber(1, MAX_COUNT))
    .option('--json', `print one line of JSON per ${name}`)
    .option('--no-wait', 'submit and exit');
}

/**
 * A command on the order or the transfer that has this id: `transfer-<id>` is a transfer, everything else an order.
 * @throws WrongUse when the id is not valid
 */
function forAnyKind(
  given: string,
  command: <Result, Progress>(session: Session, kind: Kind<never, Result, Progress>, id: string) => Promise<number>,
): (session: Session) => Promise<number> {
  const transferId = transferIdOf(given);
  if (transferId !== undefined) return (session) => command(session, transferKind, transferId);
  const orderId = readId(orderKind.ids, given);
  return (session) => command(session, orderKind, orderId);
}

/** @throws WrongUse when an account or the amount is not valid */
function termsOf(from: string, to: string, amount: string): TransferTerms {
  const terms = readTerms({ from, to, amount });
  if (typeof terms === 'string') throw new WrongUse(terms);
  return terms;
}
