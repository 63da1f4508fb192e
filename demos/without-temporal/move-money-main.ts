import { Command } from 'commander';
import { createAccountApiClient } from '../../src/clients/account-api.ts';
import { errorMessage } from '../../src/contracts/errors.ts';
import { readSettings } from '../../src/platform/config/settings.ts';
import { runProgram } from '../../src/platform/processes/run-program.ts';
import { CALL_TIMEOUT_MS, lookFirst, type MakeCall, moveMoney, sayBalances } from './move-money.ts';
import { runWithTerms } from './read-arguments.ts';

/** Every call once: what fails, fails. */
const once: MakeCall = (_step, call) => call({ timeoutMs: CALL_TIMEOUT_MS });

const program = new Command('npm run move-money --').description(
  'moves money with plain error handling; a failure or a crash on the way leaves it half moved',
);

await runProgram(() =>
  runWithTerms(program, process.argv.slice(2), async (terms) => {
    const accountApi = createAccountApiClient({ baseUrl: readSettings().accountApiUrl });
    const say = (line: string) => console.log(line);
    try {
      await lookFirst({ accountApi, terms, makeCall: once, say });
      await moveMoney({ accountApi, terms, makeCall: once, say });
      return 0;
    } catch (error) {
      console.error(`failed: ${errorMessage(error)}`);
      return 1;
    } finally {
      await sayBalances({ accountApi, terms, say });
    }
  }),
);
