import { createAccountApiClient } from '../../src/clients/account-api.ts';
import { readSettings } from '../../src/platform/config/settings.ts';
import { runProgram } from '../../src/platform/processes/run-program.ts';
import { printText } from '../../src/platform/terminal/print.ts';
import {
  CALL_TIMEOUT_MS,
  checkBalances,
  isAccountApiMissing,
  type MakeCall,
  moveMoney,
  printFailure,
  printFinalBalances,
} from './move-money.ts';
import { createMoveMoney, runWithTerms } from './read-arguments.ts';

/** Makes every call once, without retries. */
const once: MakeCall = (_step, call) => call({ timeoutMs: CALL_TIMEOUT_MS });

const program = createMoveMoney(
  'npm run move-money --',
  'Moves money without retries. If a call fails or the process crashes, the money may be half moved.',
);

await runProgram(() =>
  runWithTerms(program, process.argv.slice(2), async (terms) => {
    const { accountApiUrl } = readSettings();
    if (await isAccountApiMissing(accountApiUrl)) return 1;
    const accountApi = createAccountApiClient({ baseUrl: accountApiUrl });
    const print = (line: string) => printText(line);
    try {
      await checkBalances({ accountApi, terms, makeCall: once, print });
      await moveMoney({ accountApi, terms, makeCall: once, print });
      return 0;
    } catch (error) {
      printFailure(error);
      return 1;
    } finally {
      await printFinalBalances({ accountApi, terms, print });
    }
  }),
);
