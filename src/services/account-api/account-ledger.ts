import type { Journal } from '../storage/journal.ts';
import type { JournalDisk } from '../storage/journal-disk.ts';
import { DurabilityUnknownError } from '../storage/journal-errors.ts';
import { follow, noAccounts } from './accounts.ts';
import { archiveJournal } from './archive-journal.ts';
import { databaseFiles } from './database-files.ts';
import { decideOperation, type OperationRequest } from './decide-operation.ts';
import type { OutcomeRecord } from './journal-records.ts';
import { openAccountsJournal } from './open-journal.ts';
import { durabilityUnknown, keyReused } from './refusals.ts';
import { sealed } from './sealed-lines.ts';

/** The accounts: a state in memory, kept by a journal on disk. */
export interface AccountLedger {
  /**
   * The durable balances in cents, by account.
   * @throws HttpProblem 503 when nobody knows what is durable
   */
  balancesCents(): Promise<ReadonlyMap<string, number>>;
  /**
   * Does an operation, or refuses it; resolves once that is durable, and with it everything it was decided on.
   * Two calls with the same key must not overlap.
   * @throws HttpProblem when the key belongs to something else, or nobody knows what is durable
   */
  operate(request: OperationRequest, faults: { readonly rejectDeposit: boolean }): Promise<OutcomeRecord>;
  /**
   * Puts the journal into an archive and begins a fresh one; what is asked for meanwhile waits.
   * @returns the name of the archive
   */
  reset(): Promise<string | undefined>;
  /** Resolves once what was asked for is durable. */
  close(): Promise<void>;
}

/**
 * Opens the accounts of a database folder, which has to be locked.
 *
 * Decisions are made at once, on a working state that is ahead of the disk, so that many of them share one sync. Only
 * what is durable is ever shown. When commits are lost, the working state goes back to the durable one.
 * @throws JournalDamagedError
 */
export async function openAccountLedger(options: {
  readonly databaseDir: string;
  /** The wall clock in epoch milliseconds. */
  readonly now: () => number;
  readonly disk?: JournalDisk;
}): Promise<{ ledger: AccountLedger; cutOffBytes: number }> {
  const { databaseDir, now, disk } = options;
  let journal: Journal;
  let accounts = noAccounts();
  let workingCents = new Map<string, number>();
  /** Of the newest commit: once it is durable, so is everything before it. */
  let newest: Promise<void> = Promise.resolve();
  let unsure: DurabilityUnknownError | undefined;
  let resetting: Promise<unknown> = Promise.resolve();

  const at = () => new Date(now()).toISOString();

  function goBackToDurable(): void {
    workingCents = new Map(accounts.balancesCents);
    newest = Promise.resolve();
  }

  function onLost(error: unknown): void {
    if (error instanceof DurabilityUnknownError) unsure = error;
    goBackToDurable();
  }

  async function open(): Promise<number> {
    const opened = await openAccountsJournal(databaseDir, at(), { onLost, ...(disk === undefined ? {} : { disk }) });
    ({ journal, accounts } = opened);
    goBackToDurable();
    return opened.cutOffBytes;
  }

  async function untilSure(): Promise<void> {
    await resetting;
    if (unsure !== undefined) throw durabilityUnknown(unsure);
  }

  async function commit(outcome: OutcomeRecord): Promise<void> {
    const ofThisJournal = accounts;
    newest = journal.commit(sealed(outcome));
    if (outcome.kind !== 'refusal') workingCents.set(outcome.account, outcome.newCents);
    await newest;
    // The journal has resolved this commit before it does anything else, so the states follow in its order.
    follow(ofThisJournal, outcome);
  }

  async function startAfresh(): Promise<string | undefined> {
    await journal.close();
    try {
      const archive = await archiveJournal(databaseDir, now());
      await open();
      return archive;
    } catch (error) {
      unsure = new DurabilityUnknownError(databaseFiles.journal(databaseDir), error);
      throw durabilityUnknown(unsure);
    }
  }

  const cutOffBytes = await open();
  const ledger: AccountLedger = {
    async balancesCents() {
      await untilSure();
      return accounts.balancesCents;
    },
    async operate(request, { rejectDeposit }) {
      await untilSure();
      const working = { balancesCents: workingCents, outcomes: accounts.outcomes };
      const decision = decideOperation(working, request, { at: at(), rejectDeposit });
      if (decision.kind === 'key reused') throw keyReused();
      if (decision.kind === 'replay') return decision.outcome;
      const { outcome } = decision;
      // A refusal without a key is nothing to record, but what it was decided on has to come true.
      const isRecorded = outcome.kind !== 'refusal' || outcome.key !== undefined;
      await (isRecorded ? commit(outcome) : newest).catch(sayUnsure);
      return outcome;
    },
    reset() {
      const reset = untilSure().then(startAfresh);
      // Whoever asked for the reset gets its error; those who wait for its end look at the state it leaves.
      resetting = reset.catch(() => undefined);
      return reset;
    },
    async close() {
      await resetting;
      await journal.close();
    },
  };
  return { ledger, cutOffBytes };
}

function sayUnsure(error: unknown): never {
  throw error instanceof DurabilityUnknownError ? durabilityUnknown(error) : error;
}
