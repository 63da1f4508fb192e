import { proxyActivities, sleep } from '@temporalio/workflow';
import { type BackOff, fullJitterMs } from 'exactly-one';
import { type Continuation, repeatableCalls } from 'exactly-one/workflow';
import type { AccountActivities, Deposit } from '../contracts/account-activities.ts';
import { isBalance } from '../contracts/activity-results.ts';
import type { TransferKeys } from '../contracts/ids.ts';
import { decimalOf } from '../contracts/money.ts';
import type { BalancesCents, TransferTerms } from '../contracts/transfer.ts';
import {
  type DefiniteOutcome,
  outcomeOfFailure,
  outcomeOfResult,
  unresolved,
  untilDefinite,
} from './definite-outcome.ts';
import { type NotReported, notReported, untilReported } from './not-reported.ts';
import type { TransferDisplay } from './transfer-display.ts';

/** The pause between a refused refund and the next one. */
const BACK_OFF: BackOff = { baseMs: 500, capMs: 10_000 };

export type TransferSteps = ReturnType<typeof createTransferSteps>;

/**
 * The operations of a transfer. Each is repeated until its outcome is definite.
 * @param continuation interrupts the operations that are repeated, since each repetition lengthens the history
 */
export function createTransferSteps(
  { from, to, amountCents }: TransferTerms,
  keys: TransferKeys,
  display: TransferDisplay,
  { interruptible }: Continuation,
) {
  // Longer than one request may take.
  const accountApi = proxyActivities<AccountActivities>(repeatableCalls(5_000));
  const { withdraw, deposit } = accountApi;
  const amount = decimalOf(amountCents);

  const operate = (call: typeof deposit, summary: string, operation: Deposit): Promise<DefiniteOutcome> =>
    untilDefinite(
      summary,
      () =>
        interruptible(() =>
          untilReported(() =>
            call.executeWithOptions({ summary }, [operation]).then(outcomeOfResult, outcomeOfFailure),
          ),
        ),
      {
        remark: display.remark,
        sleep: (ms) => interruptible(() => sleep(ms, { summary: 'Back off: responses contradict' })),
        random: () => Math.random(),
      },
    );

  const returnMoney = (summary: string, idempotencyKey: string) =>
    operate(deposit, summary, { account: from, amountCents, idempotencyKey, reverses: keys.withdraw });

  const balanceOf = (account: string) =>
    untilReported(() =>
      accountApi.checkBalance
        .executeWithOptions({ summary: `Read the balance of ${account}` }, [{ account }])
        .then((balance) => (isBalance(balance) ? balance : notReported(balance)), nullIfUnknown),
    );

  return {
    async balances(): Promise<BalancesCents> {
      const [fromCents, toCents] = await Promise.all([balanceOf(from), balanceOf(to)]);
      return { from: fromCents, to: toCents };
    },

    withdraw: () =>
      operate(withdraw, `Withdraw ${amount} from ${from}`, {
        account: from,
        amountCents,
        idempotencyKey: keys.withdraw,
      }),

    deposit: () =>
      operate(deposit, `Deposit ${amount} to ${to}`, { account: to, amountCents, idempotencyKey: keys.credit }),

    /** Returns the money to its source under the key of the deposit, so that no deposit can follow. */
    returnInsteadOfDeposit: () => returnMoney(`Return ${amount} to ${from}`, keys.credit),

    /**
     * Refunds the source, and repeats until it has its money back. Call it only when the deposit is definitely refused.
     * @param first all refunds with a lower number are definitely refused
     * @param onRefused called with the number of the next refund
     * @throws `TransferUnresolved` if the key of a refund was used for something else: nobody knows what has been paid
     */
    async refund(first: number, onRefused: (next: number) => void): Promise<void> {
      for (let number = first; ; number += 1) {
        const outcome = await returnMoney(`Refund ${amount} to ${from}`, keys.refund(number));
        if (outcome.kind === 'moved') return;
        if (outcome.kind === 'key reused') {
          const withdrawn = `${decimalOf(amountCents)} was withdrawn from ${from}`;
          throw unresolved(
            `the key ${keys.refund(number)} of the refund is in use for a different operation, and ${withdrawn}`,
          );
        }
        onRefused(number + 1);
        const backOffMs = fullJitterMs(BACK_OFF, number, Math.random());
        await interruptible(() => sleep(backOffMs, { summary: 'Back off before the next refund' }));
      }
    },
  };
}

function nullIfUnknown(error: unknown): null | NotReported {
  const outcome = outcomeOfFailure(error);
  if (outcome.kind === 'refused') return null;
  return outcome.kind === 'not reported' ? outcome : notReported(outcome);
}
