import { ActivityFailure, ApplicationFailure } from '@temporalio/common';
import { proxyActivities, sleep } from '@temporalio/workflow';
import { type BackOff, fullJitterMs } from 'exactly-one';
import type { AccountActivities, Deposit, MoneyMoved, RefusalDetails } from '../contracts/account-activities.ts';
import type { DefiniteRefusal } from '../contracts/account-api.ts';
import { failures } from '../contracts/failures.ts';
import type { TransferKeys } from '../contracts/ids.ts';
import type { BalancesCents, TransferTerms } from '../contracts/transfer.ts';
import { repeatableCalls } from './activity-options.ts';
import type { TransferDisplay } from './transfer-display.ts';

/** The pause between two contradictory refusals, and between a refused refund and the next one. */
const BACK_OFF: BackOff = { baseMs: 500, capMs: 10_000 };

/** The definite outcome of an operation. */
type DefiniteOutcome =
  | { readonly kind: 'moved'; readonly moved: MoneyMoved }
  /** It moved no money, and never will with this key. */
  | { readonly kind: 'refused'; readonly code: DefiniteRefusal }
  /** The key was used before, for a different operation. */
  | { readonly kind: 'key reused' };

export type TransferSteps = ReturnType<typeof createTransferSteps>;

/**
 * The operations of a transfer. Each is repeated until its outcome is definite.
 * @param continueAsNewIfSuggested called before each repetition, since each lengthens the history
 */
export function createTransferSteps(
  { from, to, amountCents }: TransferTerms,
  keys: TransferKeys,
  display: TransferDisplay,
  continueAsNewIfSuggested: () => Promise<void>,
) {
  // Longer than one request may take.
  const accountApi = proxyActivities<AccountActivities>(repeatableCalls(5_000));
  const { withdraw, deposit } = accountApi;

  /**
   * A refusal is definite only when a second request with the same key is refused for the same reason. An operation
   * whose outcome is unknown is never compensated.
   */
  const untilDefinite = async (
    operate: typeof deposit,
    summary: string,
    operation: Deposit,
  ): Promise<DefiniteOutcome> => {
    let previousRefusal: DefiniteRefusal | undefined;
    for (let round = 0; ; round += 1) {
      await continueAsNewIfSuggested();
      const outcome = await operate
        .executeWithOptions({ summary }, [operation])
        .then((moved): DefiniteOutcome => ({ kind: 'moved', moved }), outcomeOfFailure);
      if (outcome.kind !== 'refused' || outcome.code === previousRefusal) return outcome;
      display.remark(`${summary}: refused, ${outcome.code}`);
      previousRefusal = outcome.code;
      if (round > 0) {
        await sleep(fullJitterMs(BACK_OFF, round, Math.random()), { summary: 'Back off: refusals contradict' });
      }
    }
  };

  const returnMoney = (summary: string, idempotencyKey: string) =>
    untilDefinite(deposit, summary, { account: from, amountCents, idempotencyKey, reverses: keys.withdraw });

  const balanceOf = (account: string) =>
    accountApi.checkBalance
      .executeWithOptions({ summary: `Balance of ${account}` }, [{ account }])
      .catch(nullIfUnknown);

  return {
    async balances(): Promise<BalancesCents> {
      const [fromCents, toCents] = await Promise.all([balanceOf(from), balanceOf(to)]);
      return { from: fromCents, to: toCents };
    },

    withdraw: () =>
      untilDefinite(withdraw, `Withdraw from ${from}`, { account: from, amountCents, idempotencyKey: keys.withdraw }),

    deposit: () =>
      untilDefinite(deposit, `Deposit to ${to}`, { account: to, amountCents, idempotencyKey: keys.credit }),

    /** Returns the money to its source under the key of the deposit, so that no deposit can follow. */
    returnInsteadOfDeposit: () => returnMoney(`Return to ${from}`, keys.credit),

    /**
     * Refunds the source, and repeats until it has its money back. Call it only when the deposit is definitely refused.
     * @param first all refunds with a lower number are definitely refused
     * @param onRefused called with the number of the next refund
     */
    async refund(first: number, onRefused: (next: number) => void): Promise<void> {
      for (let number = first; ; number += 1) {
        const outcome = await returnMoney(`Refund to ${from}`, keys.refund(number));
        if (outcome.kind === 'moved') return;
        onRefused(number + 1);
        await sleep(fullJitterMs(BACK_OFF, number, Math.random()), { summary: 'Back off before the next refund' });
      }
    },
  };
}

function outcomeOfFailure(error: unknown): DefiniteOutcome {
  const failure = error instanceof ActivityFailure ? error.cause : undefined;
  if (failure instanceof ApplicationFailure) {
    // The failure type says which details there are.
    const [details] = (failure.details ?? []) as readonly RefusalDetails[];
    if (failure.type === failures.operationRefused && details !== undefined) {
      return { kind: 'refused', code: details.code };
    }
    if (failure.type === failures.idempotencyKeyReused) return { kind: 'key reused' };
  }
  throw error;
}

function nullIfUnknown(error: unknown): null {
  if (outcomeOfFailure(error).kind === 'refused') return null;
  throw error;
}
