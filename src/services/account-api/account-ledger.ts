import type { OpenLocked } from '../../platform/files/open-locked.ts';
import { removeTemporaryFiles } from '../storage/create-file-once.ts';
import { DatabaseMissingError, logChanges, type PlaceLog } from '../storage/database-parts.ts';
import { createFolder, type Disk } from '../storage/disk.ts';
import type { Journal, JournalRepair } from '../storage/journal.ts';
import type { JournalDisk } from '../storage/journal-disk.ts';
import { DurabilityUnknownError } from '../storage/journal-errors.ts';
import { apply, noAccounts } from './accounts.ts';
import { archiveJournal, databaseFiles, openAccountsJournal, restoreArchive } from './accounts-journal.ts';
import { type DecideOperation, decideOperation, type OperationRequest } from './decide-operation.ts';
import { type OutcomeRecord, withChecksum } from './journal-records.ts';
import { durabilityUnknown, keyReused, notReset } from './refusals.ts';

/** The accounts: their state in memory, and the journal on disk that it comes from. */
export interface AccountLedger {
  /**
   * The durable balances in cents, by account.
   * @throws HttpProblem 503 if it is unknown what is durable
   * @throws DatabaseMissingError if the journal is not in its place: without it, nothing in memory is durable
   */
  balancesCents(): Promise<ReadonlyMap<string, number>>;
  /**
   * Performs or refuses an operation. Resolves once the outcome is durable, together with everything it depends on.
   * Two calls with the same key must not overlap.
   * @throws HttpProblem if the key was used for something else, or it is unknown what is durable
   * @throws DatabaseMissingError if the journal is not in its place
   */
  operate(request: OperationRequest): Promise<OutcomeRecord>;
  /**
   * Archives the journal and starts a new one. Calls that come in the meantime wait.
   * @returns the name of the archive
   * @throws HttpProblem if that failed: the accounts stay as they are, unless it is unknown what is durable
   * @throws DatabaseMissingError if the journal is not in its place
   */
  reset(): Promise<string>;
  /** Resolves once all pending operations are durable. */
  close(): Promise<void>;
}

export interface AccountLedgerOptions {
  /** A folder that is locked for this process. */
  readonly databaseDir: string;
  /** The wall clock in epoch milliseconds. */
  readonly nowMs: () => number;
  /** Default: nothing is logged. */
  readonly log?: PlaceLog;
  /** Locks the journal. Default: it is not locked. */
  readonly openLocked?: OpenLocked;
  /** Default: the real one. */
  readonly disk?: JournalDisk;
  /** For the files of a reset. Default: the real one. */
  readonly files?: Disk;
  /** Default: {@link decideOperation}. */
  readonly decide?: DecideOperation;
}

/**
 * Opens the accounts of a database folder; a new database gets its journal.
 *
 * Operations are decided at once, on a working state that is ahead of the disk, so that many of them can share one
 * sync. Callers only ever see durable state. If commits are lost, the working state goes back to the durable one.
 * @throws JournalDamagedError
 */
export async function openAccountLedger(
  options: AccountLedgerOptions,
): Promise<{ ledger: AccountLedger } & JournalRepair> {
  const { databaseDir, nowMs, disk, files, openLocked, log, decide = decideOperation } = options;
  let journal: Journal;
  let accounts = noAccounts();
  let workingCents = new Map<string, number>();
  /** The newest commit: once it is durable, so is everything before it. */
  let newest: Promise<void> = Promise.resolve();
  let unknown: DurabilityUnknownError | undefined;
  let resetting: Promise<unknown> = Promise.resolve();

  const at = () => new Date(nowMs()).toISOString();

  function goBackToDurable(): void {
    workingCents = new Map(accounts.balancesCents);
    newest = Promise.resolve();
  }

  function onLost(error: unknown): void {
    if (error instanceof DurabilityUnknownError) unknown = error;
    goBackToDurable();
  }

  async function open(): Promise<JournalRepair> {
    const journalOptions = { onLost, openLocked, ...(disk === undefined ? {} : { disk }) };
    const opened = await openAccountsJournal(databaseDir, at(), journalOptions);
    const { cutOffBytes, newlineAdded } = opened;
    ({ journal, accounts } = opened);
    goBackToDurable();
    return { cutOffBytes, newlineAdded };
  }

  async function untilUsable(): Promise<void> {
    await resetting;
    if (unknown !== undefined) throw durabilityUnknown(unknown);
  }

  const checkJournal = logChanges(() => journal.check(), log);

  function refuseMissingJournal(): void {
    try {
      checkJournal();
    } catch (error) {
      throw asProblem(error);
    }
  }

  /** What is in memory is durable only while the journal is in its place. */
  async function checkPlace(): Promise<void> {
    // A reset replaces the journal.
    await untilUsable();
    refuseMissingJournal();
  }

  async function commit(outcome: OutcomeRecord): Promise<void> {
    const ofThisJournal = accounts;
    newest = journal.commit(withChecksum(outcome));
    if (outcome.kind !== 'refusal') workingCents.set(outcome.account, outcome.newCents);
    await newest;
    // Commits resolve in the order of the journal, so the records are applied in that order too.
    apply(ofThisJournal, outcome);
  }

  /** A lost commit whose journal is not in its place is logged like a failed check. */
  async function explain(error: unknown): Promise<never> {
    if (error instanceof DatabaseMissingError) await checkPlace();
    throw asProblem(error);
  }

  async function startNewJournal(): Promise<string> {
    // Nothing is written to the journal any more: calls that come now wait for the reset.
    await newest.catch(() => undefined);
    refuseMissingJournal();
    const old = journal;
    try {
      const archive = await archiveJournal(databaseDir, nowMs(), files);
      await open().catch(async (error: unknown) => {
        await restoreArchive(databaseDir, archive).catch(becomeUnknown);
        throw error;
      });
      await old.close();
      return archive;
    } catch (error) {
      throw error instanceof DurabilityUnknownError ? becomeUnknown(error) : notReset(error);
    }
  }

  function becomeUnknown(error: unknown): never {
    unknown = new DurabilityUnknownError(databaseFiles.journal(databaseDir), error);
    throw durabilityUnknown(unknown);
  }

  await createFolder(databaseFiles.folder(databaseDir));
  // A reset that was killed may have left the new journal.
  await removeTemporaryFiles(databaseFiles.folder(databaseDir));
  const repair = await open();
  const ledger: AccountLedger = {
    async balancesCents() {
      await checkPlace();
      return accounts.balancesCents;
    },
    async operate(request) {
      await untilUsable();
      const decision = decide({ balancesCents: workingCents, outcomes: accounts.outcomes }, request, at());
      if (decision.kind !== 'new') {
        await checkPlace();
        if (decision.kind === 'key reused') throw keyReused();
        return decision.outcome;
      }
      const { outcome } = decision;
      // A refusal without a key is not recorded, but the balance that it was decided on must become durable.
      const isRecorded = outcome.kind !== 'refusal' || outcome.key !== undefined;
      if (isRecorded) await commit(outcome).catch(explain);
      else await newest.then(checkPlace, explain);
      return outcome;
    },
    reset() {
      const reset = untilUsable().then(startNewJournal);
      // Only the caller of the reset gets its error. Calls that wait for the reset check the state that it leaves.
      resetting = reset.catch(() => undefined);
      return reset;
    },
    async close() {
      await resetting;
      await journal.close();
    },
  };
  return { ledger, ...repair };
}

function asProblem(error: unknown): unknown {
  return error instanceof DurabilityUnknownError ? durabilityUnknown(error) : error;
}
