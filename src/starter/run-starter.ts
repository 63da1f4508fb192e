import type { Client } from '@temporalio/client';
import { Command, CommanderError } from 'commander';
import { transferIdOf } from '../contracts/ids.ts';
import { readSettings, SettingsError } from '../platform/config/settings.ts';
import { connectClient } from '../platform/temporal/connect-client.ts';
import { cancelCommand } from './cancel-command.ts';
import { giveUpCommand } from './give-up-command.ts';
import { orderCommand } from './order-command.ts';
import { orderIdOf, orderIdsOf, WrongUse } from './order-ids.ts';
import { statusCommand } from './status-command.ts';
import { termsOf, transferCommand } from './transfer-command.ts';
import { transferIdsOf } from './transfer-ids.ts';
import { transferCancelCommand, transferStatusCommand } from './transfer-look.ts';
import { whenAborted } from './when-aborted.ts';

const WRONG_USE = 2;

interface TransferOptions {
  readonly id?: string;
  readonly count?: string;
  readonly json?: true;
  readonly wait: boolean;
}

/**
 * @param detach leaves what is submitted to itself
 * @param env the settings; default those of this process
 * @returns the exit code: 0 done, 1 an order has no ticket, 2 wrong use
 */
export async function runStarter(args: readonly string[], detach: AbortSignal, env = process.env): Promise<number> {
  let exitCode = 0;
  const withClient = (use: (client: Client) => Promise<number>) => connected(env, detach, use);
  const program = new Command('npm run starter --')
    .description('starts orders and transfers and checks after them')
    .exitOverride()
    .helpCommand(false)
    .showHelpAfterError();

  program
    .command('order')
    .description('order tickets: the same order again gives the same ticket')
    .argument('[orderId...]', 'a bare number gets the prefix order-; none gets a random id')
    .option('--count <n>', 'so many orders with random ids, 1 to 1000')
    .option('--json', 'one JSON line per order')
    .option('--no-wait', 'submit only')
    .action(async (given: string[], options: { count?: string; json?: true; wait: boolean }) => {
      const orderIds = orderIdsOf(given, options.count);
      const { taskQueue } = readSettings(env);
      const json = options.json ?? false;
      exitCode = await withClient((client) =>
        orderCommand({ client, taskQueue, orderIds, json, wait: options.wait, detach }),
      );
    });
  program
    .command('transfer')
    .description('move money: the same id again never moves it twice')
    .argument('<from>', 'the account that gives, such as account_A')
    .argument('<to>', 'the account that gets')
    .argument('<amount>', 'a decimal number with two decimals at most')
    .option('--id <id>', 'of this transfer; default a random one')
    .option('--count <n>', 'so many transfers with random ids, 1 to 1000')
    .option('--json', 'one JSON line per transfer')
    .option('--no-wait', 'submit only')
    .action(async (from: string, to: string, amount: string, options: TransferOptions) => {
      const terms = termsOf(from, to, amount);
      const transferIds = transferIdsOf(options.id, options.count);
      const { taskQueue } = readSettings(env);
      const { json = false, wait } = options;
      exitCode = await withClient((client) =>
        transferCommand({
          client,
          taskQueue,
          transferIds,
          terms,
          json,
          wait,
          announce: options.id === undefined,
          detach,
        }),
      );
    });

  program
    .command('status')
    .description('where an order or a transfer stands, what it waits for, what failed last')
    .argument('<id>', 'an order id, or transfer-<id>')
    .option('--json', 'as one JSON line')
    .action(async (given: string, { json = false }: { json?: boolean }) => {
      const transferId = transferIdOf(given);
      if (transferId !== undefined) {
        exitCode = await withClient((client) => transferStatusCommand(client, transferId, json));
        return;
      }
      const orderId = orderIdOf(given);
      exitCode = await withClient((client) => statusCommand(client, orderId, json));
    });
  program
    .command('cancel')
    .description('cancel an order or a transfer: it finds out first which tickets exist, or what was moved')
    .argument('<id>', 'an order id, or transfer-<id>')
    .action(async (given: string) => {
      const transferId = transferIdOf(given);
      if (transferId !== undefined) {
        exitCode = await withClient((client) => transferCancelCommand(client, transferId, detach));
        return;
      }
      const orderId = orderIdOf(given);
      exitCode = await withClient((client) => cancelCommand(client, orderId, detach));
    });
  program
    .command('give-up')
    .description('close an order whose ticket system is gone for good, recorded as unresolved')
    .argument('<orderId>')
    .requiredOption('--reason <text>', 'why; it is kept in the history')
    .action(async (given: string, options: { reason: string }) => {
      const orderId = orderIdOf(given);
      if (options.reason.trim() === '') throw new WrongUse('--reason is empty: say why, it is kept in the history');
      exitCode = await withClient((client) => giveUpCommand(client, orderId, options.reason));
    });

  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : WRONG_USE;
    if (!(error instanceof WrongUse || error instanceof SettingsError)) throw error;
    console.error(error.message);
    return WRONG_USE;
  }
  return exitCode;
}

async function connected(
  env: NodeJS.ProcessEnv,
  detach: AbortSignal,
  use: (client: Client) => Promise<number>,
): Promise<number> {
  const connecting = await Promise.race([connectClient({ env }), whenAborted(detach)]);
  if (connecting === 'aborted') {
    console.error('stopped while connecting to Temporal: nothing was submitted or changed');
    return 1;
  }
  const { client, connection } = connecting;
  try {
    return await use(client);
  } finally {
    await connection.close();
  }
}
