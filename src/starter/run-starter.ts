import { userInfo } from 'node:os';
import type { Command } from 'commander';
import type { Resolution } from 'exactly-one';
import { isResolution } from 'exactly-one/contract';
import { hasCardNumber } from '../contracts/card-numbers.ts';
import { readTerms, type TransferTerms } from '../contracts/transfer.ts';
import { DEFAULT_ADDRESSES, SettingsError } from '../platform/config/settings.ts';
import {
  addCommand,
  createCommandLine,
  parseCommandLine,
  WRONG_USE,
  wholeNumber,
} from '../platform/processes/command-line.ts';
import { columnsOf } from '../platform/terminal/columns-of.ts';
import { auditCommand } from './audit.ts';
import { cancelCommand } from './cancel.ts';
import { type KindGiven, meaningsOf, onWorkflow } from './find-workflow.ts';
import { giveUpCommand } from './give-up.ts';
import { idsOf, MAX_COUNT, WrongUse } from './ids.ts';
import { listCommand, MAX_LISTED } from './list.ts';
import { orderKind } from './order.ts';
import { createOutput, type Output } from './output.ts';
import { resolveCommand } from './resolve.ts';
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
    return (await parseCommandLine(program, args)) ?? exitCode;
  } catch (error) {
    if (!(error instanceof WrongUse || error instanceof SettingsError)) throw error;
    output.note(error.message);
    return WRONG_USE;
  }
}

type Run = (command: (session: Session) => Promise<number>) => Promise<void>;

function createProgram(output: Output, run: Run): Command {
  const columns = () => columnsOf(output.stdout);
  const program = createCommandLine(
    'npm run starter --',
    {
      description: 'Submits orders and transfers, says what they wait for, and cancels them.',
      settings: {
        TEMPORAL_ADDRESS: `the Temporal server; ${DEFAULT_ADDRESSES.temporal}`,
        TASK_QUEUE: 'where workers take their work from',
        TEMPORAL_UI_URL: "Temporal's UI, for links",
      },
    },
    {
      writeOut: (text) => output.print(text.trimEnd()),
      writeErr: (text) => output.note(text.trimEnd()),
      getOutHelpWidth: columns,
      getErrHelpWidth: columns,
    },
  )
    .helpCommand('help [command]', 'show the help of a command')
    // With the list of the commands.
    .showHelpAfterError()
    .addHelpText('after', '\nWith --json, npm itself must be silent: npm run -s starter -- list --json');
  addSubmitCommands(program, run);
  addQuestions(program, run);
  addEndingCommands(program, run);
  addResolvingCommands(program, run);
  addAuditCommand(program, run);
  return program;
}

function addSubmitCommands(program: Command, run: Run): void {
  submitOptions(
    addCommand(program, 'order', {
      summary: 'order tickets',
      description: 'Order tickets. Submitting the same order again returns the same ticket.',
      exitCodes: exitCodes('every order has its ticket (with --no-wait: is submitted)', 'not every order has'),
    }).argument('[orderId...]', 'order ids; 7 is short for order-7 (default: one random id)'),
    'order',
  ).action(async (given: string[], { count, json = false, wait }: SubmitOptions) => {
    const ids = idsOf(orderKind.ids, given, count);
    await run((session) =>
      submitCommand(session, { kind: orderKind, ids, input: undefined, json, wait, announce: false }),
    );
  });

  submitOptions(
    addCommand(program, 'transfer', {
      summary: 'move money between accounts',
      description: 'Move money between accounts. Submitting the same id again never moves it twice.',
      exitCodes: exitCodes(
        'every transfer is completed (with --no-wait: is submitted)',
        'one was refunded, refused or cancelled',
      ),
    })
      .argument('<from>', 'source account, such as account_A')
      .argument('<to>', 'destination account')
      .argument('<amount>', 'positive decimal number with at most two decimals')
      .option('--id <id>', 'id of the transfer (default: a random id)'),
    'transfer',
  ).action(async (from: string, to: string, amount: string, given: SubmitOptions & { id?: string }) => {
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
    addCommand(program, 'status', {
      summary: 'show what an order or a transfer waits for, and why',
      description: 'Show where an order or a transfer stands: how it ended, or what it waits for and what failed last.',
      exitCodes: exitCodes('the id exists', 'it does not'),
    }),
  )
    .option('--json', 'print one line of JSON')
    .action((given: string, { json = false, ...kind }: KindGiven & { json?: boolean }) => {
      const meanings = meaningsOf(given, kind);
      return run((session) => onWorkflow(session, given, meanings, (found) => statusCommand(session, found, json)));
    });

  addCommand(program, 'list', {
    summary: 'list orders or transfers',
    description: 'List orders or transfers, running ones first: their state, their age, and what they wait for.',
    exitCodes: exitCodes('listed, even if there is none', 'stopped by Ctrl-C'),
  })
    .option('--transfers', 'transfers instead of orders')
    .option('--waiting', 'only those that wait')
    .option('--limit <n>', `at most n (1 to ${MAX_LISTED})`, wholeNumber(1, MAX_LISTED), DEFAULT_LISTED)
    .option('--json', 'print one line of JSON for each')
    .action(({ transfers = false, waiting = false, limit, json = false }: ListOptions) => {
      const options = { waiting, limit, json };
      return run((session) =>
        transfers
          ? listCommand(session, { kind: transferKind, ...options })
          : listCommand(session, { kind: orderKind, ...options }),
      );
    });
}

/** For orders whose outcome nobody can read. */
function addResolvingCommands(program: Command, run: Run): void {
  addCommand(program, 'unresolved', {
    summary: 'list orders that have waited for long',
    description:
      'List open orders that have waited for longer than a time, and for what. A person can resolve them. The wait begins with the first run, unless a later one followed a run that found out that there was no ticket.',
    exitCodes: exitCodes('listed, even if there is none', 'stopped by Ctrl-C'),
  })
    .option('--for <time>', 'longer than this: 90s, 10m, 2h or 1d (default: 10m)', durationOption)
    .option('--limit <n>', `at most n (1 to ${MAX_LISTED})`, wholeNumber(1, MAX_LISTED), DEFAULT_LISTED)
    .option('--json', 'print one line of JSON for each')
    .action(({ for: forMs = 600_000, limit, json = false }: { for?: number; limit: number; json?: boolean }) =>
      run((session) => listCommand(session, { kind: orderKind, waiting: true, forMs, limit, json })),
    );

  addCommand(program, 'resolve', {
    summary: 'end an order by what a person knows',
    description:
      'End an order whose outcome nobody can read, by what you know: its ticket, or that it has none. It is your word and not proof.',
    exitCodes: exitCodes(
      'the order is resolved',
      'it was refused (a create may still commit, or something is running), or no worker answered',
    ),
  })
    .argument('<orderId>')
    .option('--ticket <id>', 'the order has this ticket: it completes, and the late watch checks it')
    .option('--none', 'the order has no ticket: it fails, and can be submitted again')
    .requiredOption('--reason <text>', 'why; kept in the history')
    .option('--by <name>', 'who says so; kept in the history (default: your user name)')
    .action((given: string, options: ResolveOptions) => {
      const resolution = resolutionOf(options);
      const meanings = meaningsOf(given, { order: true });
      return run((session) =>
        onWorkflow(session, given, meanings, (found) => resolveCommand(session, found, resolution)),
      );
    });
}

/** What a person has said proves nothing, so it is listed. */
function addAuditCommand(program: Command, run: Run): void {
  addCommand(program, 'audit', {
    summary: 'count orders, and list what people have said about them',
    description:
      'Count the orders of the task queue by how they ended, beside what the ticket system has on its disk, and list those that a person has resolved.',
    settings: { TICKET_SYSTEM_URL: `the ticket system; ${DEFAULT_ADDRESSES.ticketSystem}` },
    exitCodes: exitCodes(
      'nothing is known to be wrong',
      'duplicates, an order whose end is unknown, a contradicted claim, or no ticket system',
    ),
  })
    .option('--json', 'print one JSON object')
    .action(({ json = false }: { json?: boolean }) => run((session) => auditCommand(session, json)));
}

interface ResolveOptions {
  readonly ticket?: string;
  readonly none?: boolean;
  readonly reason: string;
  readonly by?: string;
}

/** @throws WrongUse */
function resolutionOf({ ticket, none = false, reason, by = userInfo().username }: ResolveOptions): Resolution {
  if (none === (ticket !== undefined)) throw new WrongUse('use either --ticket <id> or --none');
  if (reason.trim() === '') throw new WrongUse('--reason is empty; say why, it is kept in the history');
  const resolution = ticket === undefined ? { none, reason, by } : { itemId: ticket, reason, by };
  if (ticket !== undefined && hasCardNumber(ticket)) throw new WrongUse('--ticket contains a card number');
  if (!isResolution(resolution)) throw new WrongUse('--ticket, --reason or --by is empty or too long');
  return resolution;
}

const UNITS_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** @throws WrongUse */
function durationOption(given: string): number {
  const [, count, unit = ''] = /^(\d{1,6})([smhd])$/.exec(given) ?? [];
  const unitMs = UNITS_MS[unit];
  if (count === undefined || unitMs === undefined)
    throw new WrongUse(`--for is ${given}; allowed are 90s, 10m, 2h, 1d`);
  return Number(count) * unitMs;
}

function addEndingCommands(program: Command, run: Run): void {
  kindOptions(
    addCommand(program, 'cancel', {
      summary: 'cancel an order or a transfer',
      description: 'Cancel an order or a transfer. It first checks which tickets exist, or what was moved.',
      exitCodes: exitCodes('there is no ticket, or no money was moved for good', 'otherwise'),
    }),
  ).action((given: string, kind: KindGiven) => {
    const meanings = meaningsOf(given, kind);
    return run((session) => onWorkflow(session, given, meanings, (found) => cancelCommand(session, found)));
  });

  addCommand(program, 'give-up', {
    summary: 'close an order as unresolved',
    description: 'Close an order whose ticket system will never come back, and record it as unresolved.',
    exitCodes: exitCodes('the order and its late watches are closed', 'otherwise'),
  })
    .argument('<orderId>')
    .requiredOption('--reason <text>', 'why; kept in the history')
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

function exitCodes(success: string, otherwise: string): Readonly<Record<number, string>> {
  return { 0: success, 1: otherwise, [WRONG_USE]: 'wrong use or a wrong setting' };
}

/** @throws WrongUse when an account or the amount is not valid */
function termsOf(from: string, to: string, amount: string): TransferTerms {
  const terms = readTerms({ from, to, amount });
  if (typeof terms === 'string') throw new WrongUse(terms);
  return terms;
}
