import { stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { DEFAULT_ADDRESSES, readSettings, SettingsError } from '../../platform/config/settings.ts';
import { createCommandLine, runCommandLine, WRONG_USE } from '../../platform/processes/command-line.ts';
import { runProgram } from '../../platform/processes/run-program.ts';
import { maskOutput } from '../../platform/secrets/mask-output.ts';
import { printError } from '../../platform/terminal/print.ts';
import { type Audit, auditDatabase } from './audit.ts';
import { fetchInFlight } from './fetch-in-flight.ts';
import { printAudit } from './print-audit.ts';

const EXIT_OK = 0;
const EXIT_PROBLEMS = 1;

/** A commit is in its file a moment before it is in the ledger, so a problem of a running service is checked twice. */
const SECOND_AUDIT_AFTER_MS = 500;
const SERVICE_TIMEOUT_MS = 2_000;

const commandLine = createCommandLine('npm run audit --', {
  description: 'Counts the tickets in DATABASE_DIR, from its files alone, and lists the problems it finds.',
  settings: {
    DATABASE_DIR: 'the database folder of the ticket system; default database',
    TICKET_SYSTEM_URL: `is asked for requests in flight; ${DEFAULT_ADDRESSES.ticketSystem}`,
  },
  exitCodes: {
    [EXIT_OK]: 'every order has exactly one ticket',
    [EXIT_PROBLEMS]: 'duplicates, missing tickets or problems',
  },
}).option('--json', 'print one JSON object', false);

await runProgram(() =>
  runCommandLine(commandLine, process.argv.slice(2), ({ json }: { readonly json: boolean }) =>
    run(json).catch((error: unknown) => {
      if (!(error instanceof SettingsError)) throw error;
      printError(`audit: ${error.message}`);
      return WRONG_USE;
    }),
  ),
);

async function run(asJson: boolean): Promise<number> {
  const { databaseDir, ticketSystemUrl } = readSettings();
  if (!(await isFolder(databaseDir))) {
    printError(`audit: ${databaseDir} is not a folder: set DATABASE_DIR to the database folder of the ticket system`);
    return WRONG_USE;
  }
  // The files can be audited without a running service.
  const inFlight = await fetchInFlight(ticketSystemUrl, SERVICE_TIMEOUT_MS).catch(() => null);
  const audit = await auditSettled(databaseDir, inFlight !== null);
  if (asJson) console.log(maskOutput(JSON.stringify({ ...audit.counts, inFlight, problems: audit.problems })));
  else printAudit({ databaseDir, ticketSystemUrl, inFlight, audit });
  const { duplicates, missing } = audit.counts;
  const isOk = duplicates === 0 && missing === 0 && audit.problems.length === 0;
  return isOk ? EXIT_OK : EXIT_PROBLEMS;
}

async function auditSettled(databaseDir: string, serviceRuns: boolean): Promise<Audit> {
  const audit = await auditDatabase(databaseDir);
  if (audit.problems.length === 0 || !serviceRuns) return audit;
  await sleep(SECOND_AUDIT_AFTER_MS);
  return auditDatabase(databaseDir);
}

async function isFolder(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.isDirectory() === true;
}
