import { ActivityFailure, ApplicationFailure } from '@temporalio/common';
import { proxyActivities, sleep, workflowInfo } from '@temporalio/workflow';
import { type BackOff, fullJitterMs } from 'exactly-one';
import type { AccountActivities, Deposit, MoneyMoved, RefusalDetails } from '../contracts/account-activities.ts';
import type { DefiniteRefusal } from '../contracts/account-api.ts';
import { failures } from '../contracts/failures.ts';
import type { TransferKeys } from '../contracts/ids.ts';
import type { TransferTerms } from '../contracts/transfer.ts';
import { HistoryTooLong } from './history-too-long.ts';
import type { TransferDisplay } from './transfer-display.ts';

/** Between two answers that contradict each other, and between a refused refund and the next one. */
const BACK_OFF: BackOff = { baseMs: 500, capMs: 10_000 };

/** What definitely came of an operation. */
export type Definite =
  | { readonly kind: 'moved'; readonly moved: MoneyMoved }
  /** It moved nothing, and with its key nothing ever will be. */
  | { readonly kind: 'refused'; readonly code: DefiniteRefusal }
  /** The key was used for another operation before. */
  | { readonly kind: 'key reused' };

export type TransferSteps = ReturnType<typeof createTransferSteps>;

/** The operations of a transfer, each asked for until its outcome is definite. */
export function createTransferSteps(terms: TransferTerms, keys: TransferKeys, display: TransferDisplay) {
  const { from, to, amountCents } = terms;
  const accountApi = proxyActivities<AccountActivities>({
    // Longer than one request is waited for; after a worker's death Temporal waits so long for its answer.
    startToCloseTimeout: '5s',
    // After such a time-out; the activities choose their own delays.
    retry: { initialInterval: '500ms', maximumInterval: '5s' },
  });
  const { withdraw, deposit } = accountApi;

  /** A refusal counts only when a second send with the same key gives the same: what is unknown is never compensated. */
  const definitely = async (operate: typeof deposit, summary: string, operation: Deposit): Promise<Definite> => {
    let before: DefiniteRefusal | undefined;
    for (let round = 0; ; round += 1) {
      if (workflowInfo().continueAsNewSuggested) throw new HistoryTooLong();
      const outcome = await operate
        .executeWithOptions({ summary }, [operation])
        .then((moved): Definite => ({ kind: 'moved', moved }), outcomeOfFailure);
      if (outcome.kind !== 'refused' || outcome.code === before) return outcome;
      display.remark(`${summary} was refused: ${outcome.code}`);
      before = outcome.code;
      if (round > 0) await sleep(fullJitterMs(BACK_OFF, round, Math.random()), { summary: 'contradicting refusals' });
    }
  };

  const giveBack = (summary: string, idempotencyKey: string) =>
    definitely(deposit, summary, { account: from, amountCents, idempotencyKey, reverses: keys.withdraw });

  const balanceOf = (account: string) =>
    accountApi.checkBalance.executeWithOptions({ summary: account }, [{ account }]);

  return {
    /** Both balances in cents; null where the account API knows no such account. */
    async balances() {
      const [fromCents, toCents] = await Promise.all([
        balanceOf(from).catch(nullIfUnknown),
        balanceOf(to).catch(nullIfUnknown),
      ]);
      return { from: fromCents, to: toCents };
    },

    withdraw: () =>
      definitely(withdraw, `withdraw from ${from}`, { account: from, amountCents, idempotencyKey: keys.withdraw }),

    deposit: () => definitely(deposit, `deposit at ${to}`, { account: to, amountCents, idempotencyKey: keys.credit }),

    /** The money goes back to its source under the key of the deposit: after it there can be no deposit. */
    takeBack: () => giveBack(`back to ${from}`, keys.credit),

    /**
     * To be called only when the deposit is definitely refused. Goes on until the source has its money back.
     * @param first refunds with a lower number are definitely refused
     * @param onRefused is told the number of the next one
     */
    async refund(first: number, onRefused: (next: number) => void): Promise<void> {
      for (let number = first; ; number += 1) {
        const outcome = await giveBack(`refund to ${from}`, keys.refund(number));
        if (outcome.kind === 'moved') return;
        onRefused(number + 1);
        await sleep(fullJitterMs(BACK_OFF, number, Math.random()), { summary: 'before the next refund' });
      }
    },
  };
}

function outcomeOfFailure(error: unknown): Definite {
  const failure = error instanceof ActivityFailure ? error.cause : undefined;
  if (failure instanceof ApplicationFailure) {
    // Its type says which details it has.
    const [details] = (failure.details ?? []) as readonly RefusalDetails[];
    if (failure.type === failures.operationRefused && details !== undefined)
      return { kind: 'refused', code: details.code };
    if (failure.type === failures.idempotencyKeyReused) return { kind: 'key reused' };
  }
  throw error;
}

function nullIfUnknown(error: unknown): null {
  if (outcomeOfFailure(error).kind === 'refused') return null;
  throw error;
}
