import { ApplicationFailure, ApplicationFailureCategory, CancelledFailure } from '@temporalio/common';
import {
  CancellationScope,
  continueAsNew,
  isCancellation,
  log,
  proxyLocalActivities,
  workflowInfo,
} from '@temporalio/workflow';
import { type Cancellation, type Continuation, createContinuation, watchForCancellation } from 'exactly-one/workflow';
import type { AccountActivities, MoneyMoved } from '../contracts/account-activities.ts';
import { failures } from '../contracts/failures.ts';
import { transferKeys } from '../contracts/ids.ts';
import { decimalOf } from '../contracts/money.ts';
import type { BalancesCents, CarriedTransfer, TransferResult, TransferTerms } from '../contracts/transfer.ts';
import { readTransferArguments, type TransferArguments, type TransferStart } from '../contracts/workflow-arguments.ts';
import { unresolved } from './definite-outcome.ts';
import { startedRun, validArguments } from './start.ts';
import { createTransferDisplay, type TransferDisplay } from './transfer-display.ts';
import { createTransferSteps, type TransferSteps } from './transfer-steps.ts';

const worker = proxyLocalActivities<AccountActivities>({
  startToCloseTimeout: '10s',
  summary: "Read the worker's settings",
});

interface Transfer {
  readonly transferId: string;
  readonly terms: TransferTerms;
  /** An earlier run may have moved money. */
  readonly resumed: boolean;
  readonly known: CarriedTransfer;
  readonly steps: TransferSteps;
  readonly display: TransferDisplay;
  readonly cancellation: Cancellation;
  readonly continuation: Continuation;
}

/** Where the money ended up. */
type Ending =
  | { readonly status: 'completed'; readonly deposited: MoneyMoved }
  | { readonly status: 'refunded'; readonly reason: string };

/**
 * Moves money from one account to another, each step at most once, whatever fails; its workflow id is `transfer-<id>`.
 * @param given the input, and what an earlier run of the same chain knew; default nothing
 * @throws `TransferInvalid`, `TransferRefused`, `TransferIdReused` or a cancellation: no money was moved;
 *   `TransferUnresolved`: an operator must find out where the money is;
 *   `CarriedStateInvalid`: it is unknown where the money is
 */
export async function transferMoney(...given: TransferArguments): Promise<TransferResult> {
  const transfer = openTransfer(validArguments(readTransferArguments(given, startedRun()), failures.transferInvalid));
  const { display } = transfer;
  try {
    await readSettings(transfer);
    display.setStatus('running');
    const balances = await checkBalances(transfer);
    // From here on money may move: a cancellation is handled between steps and interrupts none.
    return await CancellationScope.nonCancellable(() =>
      Promise.race([moveMoney(transfer, balances), transfer.continuation.whenSuggested()]),
    );
  } catch (error) {
    if (isCancellation(error)) display.setStatus('cancelled');
    if (error instanceof ApplicationFailure && error.type === failures.transferUnresolved) {
      display.setStatus('unresolved');
    }
    throw error;
  }
}

async function moveMoney(transfer: Transfer, balances: BalancesCents): Promise<TransferResult> {
  const { display, steps } = transfer;
  const withdrawn = await withdraw(transfer);
  const ending = await depositOrRefund(transfer);
  const finalBalances = await display.step('read final balances', steps.balances);
  display.setStatus(ending.status);
  const { terms } = transfer;
  const moved = `${decimalOf(terms.amountCents)} from ${terms.from} to ${terms.to}`;
  log.info(`${ending.status}: ${moved}${ending.status === 'refunded' ? `, because ${ending.reason}` : ''}`, {
    done: true,
  });
  return resultOf(transfer, ending, startingBalances(transfer, withdrawn, ending, balances), finalBalances);
}

/** Not cancellable: a resumed transfer must not close before it has found out what its keys have moved. */
async function readSettings({ display }: Transfer): Promise<void> {
  const { searchAttributes } = await CancellationScope.nonCancellable(() => worker.getTransferSettings());
  display.useSearchAttributes(searchAttributes);
}

/** Refuses a transfer that cannot succeed, before any money is moved. A resumed one is finished, not refused. */
async function checkBalances({ terms, steps, display, resumed }: Transfer): Promise<BalancesCents> {
  const readBalances = () => display.step('check balances', steps.balances);
  if (resumed) return CancellationScope.nonCancellable(readBalances);
  const { from, to } = await readBalances();
  if (from === null) throw refused(display, `there is no account ${terms.from}`, 'ACCOUNT_NOT_FOUND');
  if (to === null) throw refused(display, `there is no account ${terms.to}`, 'ACCOUNT_NOT_FOUND');
  if (from < terms.amountCents) {
    const problem = `${terms.from} has ${decimalOf(from)}, which is less than ${decimalOf(terms.amountCents)}`;
    throw refused(display, problem, 'INSUFFICIENT_FUNDS');
  }
  return { from, to };
}

async function withdraw(transfer: Transfer): Promise<MoneyMoved> {
  const { transferId, terms, steps, display, cancellation, resumed } = transfer;
  // A resumed transfer must find out what its key has withdrawn, even when it is cancelled.
  if (cancellation.requested() && !resumed) {
    throw new CancelledFailure(`transfer ${transferId} was cancelled; no money was moved`);
  }
  const withdrawn = await display.step('withdraw', steps.withdraw);
  switch (withdrawn.kind) {
    case 'moved':
      return withdrawn.moved;
    case 'refused':
      throw refused(display, `the withdrawal from ${terms.from} was refused`, withdrawn.code);
    case 'key reused':
      throw idReused(transfer);
  }
}

/** The money has been withdrawn: it goes to its destination or back to its source, never to both. */
async function depositOrRefund(transfer: Transfer): Promise<Ending> {
  const { terms, steps, display, cancellation } = transfer;
  if (cancellation.requested()) {
    const ending = await returnMoney(transfer);
    if (ending !== 'key reused') return ending;
    // An earlier run has sent the deposit, so its outcome decides.
  }
  const deposited = await display.step('deposit', steps.deposit);
  switch (deposited.kind) {
    case 'moved':
      return { status: 'completed', deposited: deposited.moved };
    case 'refused':
      return refund(transfer, `the deposit was rejected: ${deposited.code}`);
    case 'key reused': {
      // An earlier run was cancelled and returned the money, or the id belongs to another transfer.
      const ending = await returnMoney(transfer);
      if (ending !== 'key reused') return ending;
      throw unresolved(
        `the key of the deposit is in use for a different operation, and ${decimalOf(terms.amountCents)} was withdrawn ` +
          `from ${terms.from}, by this transfer or by one with the same id`,
      );
    }
  }
}

/** Returns the money because of a cancellation, under the key of the deposit. */
async function returnMoney(transfer: Transfer): Promise<Ending | 'key reused'> {
  const { steps, display } = transfer;
  const reason = 'it was cancelled';
  const returned = await display.step('refund', steps.returnInsteadOfDeposit);
  switch (returned.kind) {
    case 'moved':
      return { status: 'refunded', reason };
    case 'refused':
      // The refusal is recorded under the key of the deposit, so that no deposit can follow.
      return refund(transfer, reason);
    case 'key reused':
      return 'key reused';
  }
}

/** Refunds the source after the deposit was definitely refused. */
async function refund({ steps, display, known }: Transfer, reason: string): Promise<Ending> {
  const onRefused = (nextNumber: number) => {
    known.refundNumber = nextNumber;
  };
  await display.step('refund', () => steps.refund(known.refundNumber ?? 1, onRefused));
  return { status: 'refunded', reason };
}

/**
 * A resumed run may have read balances that an earlier run had already changed. The recorded responses to its keys
 * contain the balances from before.
 */
function startingBalances(
  { resumed }: Transfer,
  withdrawn: MoneyMoved,
  ending: Ending,
  balances: BalancesCents,
): BalancesCents {
  if (!resumed) return balances;
  const to = ending.status === 'completed' ? ending.deposited.previousCents : balances.to;
  return { from: withdrawn.previousCents, to };
}

function resultOf(
  { transferId, terms, cancellation }: Transfer,
  ending: Ending,
  startingBalancesCents: BalancesCents,
  finalBalancesCents: BalancesCents,
): TransferResult {
  const tooLate = cancellation.requested() && ending.status === 'completed';
  return {
    transferId,
    ...terms,
    status: ending.status,
    ...(ending.status === 'refunded' ? { reason: ending.reason } : {}),
    startingBalancesCents,
    finalBalancesCents,
    ...(tooLate ? { cancellation: 'came too late' } : {}),
  };
}

function openTransfer({ transferId, terms, input, carried }: TransferStart): Transfer {
  const known = { ...carried };
  const cancellation = watchForCancellation(carried.cancelRequested ?? false);
  const display = createTransferDisplay(transferId, terms, cancellation.requested);
  const continuation = createContinuation(() => {
    const cancelRequested = cancellation.requested();
    return continueAsNew<typeof transferMoney>({ ...input, resumed: true }, { ...known, cancelRequested });
  });
  const steps = createTransferSteps(terms, transferKeys(workflowInfo().workflowId), display, continuation);
  return { transferId, terms, resumed: input.resumed ?? false, known, steps, display, cancellation, continuation };
}

function refused(display: TransferDisplay, message: string, code: string): ApplicationFailure {
  display.setStatus('refused');
  return ApplicationFailure.create({
    ...{ message: `${message}; no money was moved`, type: failures.transferRefused, details: [{ code }] },
    ...{ nonRetryable: true, category: ApplicationFailureCategory.BENIGN },
  });
}

function idReused({ display, transferId }: Transfer): ApplicationFailure {
  display.setStatus('refused');
  return ApplicationFailure.nonRetryable(
    `transfer id ${transferId} is in use with other accounts or another amount: use a different id; no money was moved`,
    failures.transferIdReused,
    { code: 'TRANSFER_ID_REUSED' },
  );
}
