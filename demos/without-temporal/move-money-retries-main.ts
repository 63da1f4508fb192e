import { Command } from 'commander';
import { createAccountApiClient } from '../../src/clients/account-api.ts';
import { errorMessage } from '../../src/contracts/errors.ts';
import { transferIdProblem } from '../../src/contracts/ids.ts';
import { decimalOf } from '../../src/contracts/money.ts';
import type { TransferTerms } from '../../src/contracts/transfer.ts';
import { readSettings } from '../../src/platform/config/settings.ts';
import { runProgram } from '../../src/platform/processes/run-program.ts';
import { idempotencyKeyOf } from '../../src/resilience/idempotency-key.ts';
import { type FailedAttempt, retry } from '../../src/resilience/retry.ts';
import { successProbability } from '../../src/resilience/success-probability.ts';
import { CALL_TIMEOUT_MS, lookFirst, type MakeCall, moveMoney, sayBalances } from './move-money.ts';
import { moveOncePerId } from './once-per-id.ts';
import { runWithTerms } from './read-arguments.ts';

const POLICY = { maxAttempts: 8, backOff: { baseMs: 100, capMs: 2_000 }, budgetMs: 20_000 } as const;

interface Options {
  readonly id?: string;
}

/** Every call up to eight times, with full jitter between, as long as the failure may pass. */
function withRetries(terms: TransferTerms, { id }: Options): MakeCall {
  return (step, call) => {
    const keyed =
      id === undefined ? {} : { idempotencyKey: idempotencyKeyOf(step.replaceAll(' ', '-'), { id, ...terms }) };
    return retry(({ requestId, signal }) => call({ timeoutMs: CALL_TIMEOUT_MS, requestId, signal, ...keyed }), {
      ...POLICY,
      name: step,
      log: sayFailed,
    });
  };
}

function sayFailed({ name, attempt, delayMs, reason, requestId }: FailedAttempt): void {
  const next = delayMs === undefined ? 'gives up' : `again in ${Math.round(delayMs)} ms`;
  console.log(`  ${name}, attempt ${attempt} (${requestId}): ${reason}; ${next}`);
}

const program = new Command('npm run move-money-retries --')
  .description('moves money with retries; a reply that is lost after the commit takes the money again')
  .option('--id <id>', 'move once for this id: with idempotency keys, and a record of it on this machine');

await runProgram(() =>
  runWithTerms(program, process.argv.slice(2), async (terms, options: Options) => {
    const problem = options.id === undefined ? undefined : transferIdProblem(options.id);
    if (problem !== undefined) return program.error(problem);
    const { accountApiUrl, databaseDir } = readSettings();
    const accountApi = createAccountApiClient({ baseUrl: accountApiUrl });
    const say = (line: string) => console.log(line);
    const moving = { accountApi, terms, makeCall: withRetries(terms, options), say };
    const atLast = successProbability({ successProbabilityOfOne: 0.5, retries: POLICY.maxAttempts - 1 });
    say(
      `moves ${decimalOf(terms.amountCents)}, up to ${POLICY.maxAttempts} attempts a call: ` +
        `when half of all calls fail, ${(atLast * 100).toFixed(1)} % of them succeed at last`,
    );
    try {
      await lookFirst(moving);
      if (options.id === undefined) await moveMoney(moving);
      else say(`${options.id} was moved at ${await moveOncePerId(databaseDir, options.id, moving)}`);
      return 0;
    } catch (error) {
      console.error(`failed: ${errorMessage(error)}`);
      return 1;
    } finally {
      await sayBalances({ accountApi, terms, say });
    }
  }),
);
