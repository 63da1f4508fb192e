import { createAccountApiClient } from '../../src/clients/account-api.ts';
import { transferIdProblem } from '../../src/contracts/ids.ts';
import { decimalOf } from '../../src/contracts/money.ts';
import type { TransferTerms } from '../../src/contracts/transfer.ts';
import { readSettings } from '../../src/platform/config/settings.ts';
import { runProgram } from '../../src/platform/processes/run-program.ts';
import { printText } from '../../src/platform/terminal/print.ts';
import { idempotencyKeyOf } from '../../src/resilience/idempotency-key.ts';
import { type FailedAttempt, retry } from '../../src/resilience/retry.ts';
import { successProbability } from '../../src/resilience/success-probability.ts';
import {
  CALL_TIMEOUT_MS,
  checkBalances,
  isAccountApiMissing,
  type MakeCall,
  moveMoney,
  printFailure,
  printFinalBalances,
} from './move-money.ts';
import { moveOncePerId } from './move-once.ts';
import { createMoveMoney, runWithTerms } from './read-arguments.ts';

const POLICY = { maxAttempts: 8, backOff: { baseMs: 100, capMs: 2_000 }, budgetMs: 20_000 } as const;

interface Options {
  readonly id?: string;
}

/** Makes every call up to eight times, with full jitter, as long as its failures are transient. */
function withRetries(terms: TransferTerms, { id }: Options): MakeCall {
  return (step, call) => {
    const keyed =
      id === undefined ? {} : { idempotencyKey: idempotencyKeyOf(step.replaceAll(' ', '-'), { id, ...terms }) };
    return retry(({ requestId, signal }) => call({ timeoutMs: CALL_TIMEOUT_MS, requestId, signal, ...keyed }), {
      ...POLICY,
      name: step,
      log: printAttempt,
    });
  };
}

function printAttempt({ name, attempt, delayMs, reason, requestId }: FailedAttempt): void {
  const next = delayMs === undefined ? 'giving up' : `retrying in ${Math.round(delayMs)} ms`;
  printText(`  ${name}, attempt ${attempt} (${requestId}): ${reason}; ${next}`, '    '.length);
}

const program = createMoveMoney(
  'npm run move-money-retries --',
  'Moves money with retries. If a response is lost after the commit, the money is moved again.',
).option('--id <id>', 'move the money only once for this id, with idempotency keys and a record on this machine');

await runProgram(() =>
  runWithTerms(program, process.argv.slice(2), async (terms, options: Options) => {
    const problem = options.id === undefined ? undefined : transferIdProblem(options.id);
    if (problem !== undefined) return program.error(problem);
    const { accountApiUrl, databaseDir } = readSettings();
    if (await isAccountApiMissing(accountApiUrl)) return 1;
    const accountApi = createAccountApiClient({ baseUrl: accountApiUrl });
    const print = (line: string) => printText(line);
    const moving = { accountApi, terms, makeCall: withRetries(terms, options), print };
    const probability = successProbability({ successProbabilityOfOne: 0.5, retries: POLICY.maxAttempts - 1 });
    print(
      `moving ${decimalOf(terms.amountCents)} with up to ${POLICY.maxAttempts} attempts per call: if half of all ` +
        `attempts fail, ${(probability * 100).toFixed(1)} % of the calls succeed`,
    );
    try {
      await checkBalances(moving);
      if (options.id === undefined) await moveMoney(moving);
      else print(`${options.id} was completed at ${await moveOncePerId(databaseDir, options.id, moving)}`);
      return 0;
    } catch (error) {
      printFailure(error);
      return 1;
    } finally {
      await printFinalBalances({ accountApi, terms, print });
    }
  }),
);
