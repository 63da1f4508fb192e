import type { Command } from 'commander';
import { readTerms, type TransferTerms } from '../../src/contracts/transfer.ts';
import { DEFAULT_ADDRESSES } from '../../src/platform/config/settings.ts';
import { createCommandLine, runCommandLine } from '../../src/platform/processes/command-line.ts';

/** The command line of a program that moves money: `<from> <to> <amount>` and options. */
export function createMoveMoney(usage: string, description: string): Command {
  return createCommandLine(usage, {
    description,
    settings: { ACCOUNT_API_URL: `the account API; ${DEFAULT_ADDRESSES.accountApi}` },
    exitCodes: { 0: 'the money was moved', 1: 'a call failed; the money may be half moved' },
  })
    .argument('<from>', 'the account to withdraw from, such as account_A')
    .argument('<to>', 'the account to deposit into, such as account_B')
    .argument('<amount>', 'a positive number with at most two decimals');
}

/**
 * Parses the command line of a program that moves money, then runs it.
 * @returns the exit code: the one of `run`, 0 for help, 2 for wrong use
 */
export async function runWithTerms<Options extends object>(
  program: Command,
  args: readonly string[],
  run: (terms: TransferTerms, options: Options) => Promise<number>,
): Promise<number> {
  return runCommandLine(program, args, (from: string, to: string, amount: string, options: Options) => {
    const terms = readTerms({ from, to, amount });
    if (typeof terms === 'string') return program.error(terms);
    return run(terms, options);
  });
}
