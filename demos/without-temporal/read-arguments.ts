import { type Command, CommanderError } from 'commander';
import { readTerms, type TransferTerms } from '../../src/contracts/transfer.ts';

const WRONG_USE = 2;

/**
 * Parses `<from> <to> <amount>` and the options of a program, then runs it.
 * @param program with its description and options
 * @returns the exit code: the one of `run`, 0 for help, 2 for wrong use
 */
export async function runWithTerms<Options extends object>(
  program: Command,
  args: readonly string[],
  run: (terms: TransferTerms, options: Options) => Promise<number>,
): Promise<number> {
  let exitCode = 0;
  program
    .exitOverride()
    .showHelpAfterError()
    .argument('<from>', 'the account to withdraw from, such as account_A')
    .argument('<to>', 'the account to deposit into, such as account_B')
    .argument('<amount>', 'a positive number with at most two decimals')
    .action(async (from: string, to: string, amount: string, options: Options) => {
      const terms = readTerms({ from, to, amount });
      if (typeof terms === 'string') program.error(terms);
      else exitCode = await run(terms, options);
    });
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? 0 : WRONG_USE;
  }
  return exitCode;
}
