import { Value } from 'typebox/value';
import { errorCode } from '../../contracts/errors.ts';
import { splitCredentials } from '../../contracts/http.ts';
import { DEFAULT_ADDRESSES, readSettings, SettingsError } from '../../platform/config/settings.ts';
import { FolderInUseError, lockFolder } from '../../platform/files/folder-lock.ts';
import { createCommandLine, runCommandLine, WRONG_USE } from '../../platform/processes/command-line.ts';
import { runProgram } from '../../platform/processes/run-program.ts';
import { printError, printText } from '../../platform/terminal/print.ts';
import { DatabaseUnusableError, findDatabaseFolder } from '../storage/database-folder.ts';
import { notePartsInUse, refuseLostParts } from '../storage/parts-in-use.ts';
import { openAccountLedger } from './account-ledger.ts';
import { archiveJournal, databaseFiles } from './accounts-journal.ts';
import { ResetResponse } from './routes/reset.ts';

const EXIT_DONE = 0;
const EXIT_FAILED = 1;
const SERVICE_TIMEOUT_MS = 10_000;

/** The accounts were not reset; the message says why and what to do. */
class NotReset extends Error {
  override readonly name = 'NotReset';
}

const commandLine = createCommandLine('npm run reset-db --', {
  description: 'Resets the accounts in DATABASE_DIR to their opening balances. The old journal is kept.',
  settings: {
    DATABASE_DIR: 'whose accounts; default database',
    ACCOUNT_API_URL: `with --through-api: ${DEFAULT_ADDRESSES.accountApi}`,
  },
  exitCodes: { [EXIT_DONE]: 'reset', [EXIT_FAILED]: 'not reset' },
}).option('--through-api', 'ask the running account API at ACCOUNT_API_URL to do it', false);

await runProgram(() =>
  runCommandLine(commandLine, process.argv.slice(2), ({ throughApi }: { readonly throughApi: boolean }) =>
    reset(throughApi).catch((error: unknown) => {
      if (!(error instanceof SettingsError || error instanceof DatabaseUnusableError || error instanceof NotReset)) {
        throw error;
      }
      printError(`reset-db: ${error.message}`);
      return error instanceof NotReset ? EXIT_FAILED : WRONG_USE;
    }),
  ),
);

async function reset(throughApi: boolean): Promise<number> {
  const { databaseDir, accountApiUrl } = readSettings();
  const archive = await (throughApi ? resetThroughApi(accountApiUrl) : resetFolder(databaseDir));
  printText(`the accounts in ${throughApi ? accountApiUrl : databaseDir} are reset to their opening balances`);
  if (archive === undefined) {
    printText('there was no old journal');
  } else {
    printText(`the old journal is kept as accounts/${archive}; its idempotency keys no longer count:`);
    printText('use new ids for transfers and for move-money-retries from now on');
  }
  return EXIT_DONE;
}

/** @returns the name of the archive, if there was a journal */
async function resetFolder(givenFolder: string): Promise<string | undefined> {
  const databaseDir = await findDatabaseFolder(givenFolder);
  const lock = await lockFolder(databaseDir, databaseFiles.lockName).catch(suggestThroughApi);
  try {
    await refuseLostParts(databaseDir, databaseFiles.partsName);
    const archive = await archiveJournal(databaseDir, Date.now()).catch(undefinedIfMissing);
    const { ledger } = await openAccountLedger({ databaseDir, nowMs: Date.now });
    await ledger.close();
    await notePartsInUse(databaseDir, databaseFiles.partsName, databaseFiles.parts);
    return archive;
  } finally {
    await lock.release();
  }
}

/** A new database has no journal yet. */
function undefinedIfMissing(error: unknown): undefined {
  if (errorCode(error) !== 'ENOENT') throw error;
}

function suggestThroughApi(error: unknown): never {
  if (!(error instanceof FolderInUseError)) throw error;
  const hint = 'or reset the accounts while it is running: npm run reset-db -- --through-api';
  throw new NotReset(`the account API is running: ${error.message}\n${hint}`, { cause: error });
}

async function resetThroughApi(accountApiUrl: string): Promise<string | undefined> {
  const url = `${accountApiUrl}/reset`;
  const { status, text } = await post(url).catch((cause: unknown) => {
    const hint = 'start it with npm run account-api, set ACCOUNT_API_URL, or leave out --through-api';
    throw new NotReset(`no account API responds at ${accountApiUrl}: ${hint}`, { cause });
  });
  const response = parsed(text);
  if (status !== 200 || !Value.Check(ResetResponse, response)) {
    throw new NotReset(`${url} responded ${status}: ${text.slice(0, 200)}`);
  }
  return response.archive;
}

async function post(url: string): Promise<{ status: number; text: string }> {
  const { address, headers } = splitCredentials(url);
  const signal = AbortSignal.timeout(SERVICE_TIMEOUT_MS);
  const response = await fetch(address, { method: 'POST', headers, signal });
  return { status: response.status, text: await response.text() };
}

/** Undefined if the text is not JSON; the caller then quotes the text. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
