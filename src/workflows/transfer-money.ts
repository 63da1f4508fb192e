import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import {
  CancellationScope,
  continueAsNew,
  isCancellation,
  proxyLocalActivities,
  workflowInfo,
} from '@temporalio/workflow';
import type { AccountActivities, MoneyMoved } from '../contracts/account-activities.ts';
import { failures } from '../contracts/failures.ts';
import { transferIdOf, transferKeys } from '../contracts/ids.ts';
import { decimalOf } from '../contracts/money.ts';
import {
  type BalancesCents,
  readTerms,
  type TransferInput,
  type TransferResult,
  type TransferTerms,
} from '../contracts/transfer.ts';
import { type Cancellation, watchForCancellation } from './cancellation.ts';
import { HistoryTooLong } from './history-too-long.ts';
import { createTransferDisplay, type TransferDisplay } from './transfer-display.ts';
import { createTransferSteps, type TransferSteps } from './transfer-steps.ts';

const worker = proxyLocalActivities<AccountActivities>({ startToCloseTimeout: '10s' });

/** What a transfer hands to its next run when its history has grown too long; all else it finds out by its keys. */
interface CarriedTransfer {
  cancelRequested?: boolean;
  /** All refunds before this one are definitely refused. */
  refundNumber?: number;
}

/** How the money came to rest. */
type Rest =
  | { readonly status: 'completed'; readonly deposited: MoneyMoved }
  | { readonly status: 'refunded'; readonly reason: string };

interface TransferRun {
  readonly transferId: string;
  readonly terms: TransferTerms;
  readonly steps: TransferSteps;
  readonly display: TransferDisplay;
  readonly cancellation: Cancellation;
  /** An earlier run may have moved money already. */
  readonly resumed: boolean;
  readonly known: CarriedTransfer;
}

/**
 * Moves money from one account to another, at most once per step, whatever fails; its workflow id is `transfer-<id>`.
 * @param carried what an earlier run of the same chain has found out
 * @throws `TransferInvalid`, `TransferRefused`, `TransferIdReused` or a cancellation: it has moved nothing
 */
export async function transferMoney(input: TransferInput, carried: CarriedTransfer = {}): Promise<TransferResult> {
  const { transferId, terms } = readInput(input);
  const cancellation = watchForCancellation(carried.cancelRequested ?? false);
  const display = createTransferDisplay(transferId, terms, cancellation.requested);
  const steps = createTransferSteps(terms, transferKeys(workflowInfo().workflowId), display);
  const known = { ...carried };
  const run = { transferId, terms, steps, display, cancellation, resumed: input?.resumed ?? false, known };
  try {
    // Not to be broken off, or a resumed transfer would close before its keys are asked.
    display.indexWith(await CancellationScope.nonCancellable(() => worker.getTransferSettings()));
    display.turn('running');
    const checked = await checkBalances(run);
    // From here on money may be on its way: a cancellation is looked at between steps, and breaks nothing off.
    return await CancellationScope.nonCancellable(() => transfer(run, checked));
  } catch (error) {
    if (error instanceof HistoryTooLong) {
      return continueAsNew<typeof transferMoney>(
        { ...input, resumed: true },
        { ...known, cancelRequested: cancellation.requested() },
      );
    }
    if (isCancellation(error)) display.turn('cancelled');
    throw error;
  }
}

async function transfer(run: TransferRun, checked: BalancesCents): Promise<TransferResult> {
  const { transferId, terms, steps, display, cancellation, resumed } = run;
  const withdrawn = await withdraw(run);
  const rest = await bringToRest(run);
  // What a resumed run reads first may be what an earlier one has left: the answers of the keys tell what was before.
  const startingBalancesCents = resumed ? startOf(withdrawn, rest, checked) : checked;
  const finalBalancesCents = await display.step('read final balances', steps.balances);
  display.turn(rest.status);
  const tooLate = cancellation.requested() && rest.status === 'completed';
  return {
    transferId,
    ...terms,
    status: rest.status,
    ...(rest.status === 'refunded' ? { reason: rest.reason } : {}),
    startingBalancesCents,
    finalBalancesCents,
    ...(tooLate ? { cancellation: 'came too late' } : {}),
  };
}

function startOf(withdrawn: MoneyMoved, rest: Rest, checked: BalancesCents): BalancesCents {
  return { from: withdrawn.previousCents, to: rest.status === 'completed' ? rest.deposited.previousCents : checked.to };
}

/** Refuses, before anything is moved, what cannot be moved; what an earlier run has begun is not refused but finished. */
function checkBalances({ terms, steps, display, resumed }: TransferRun): Promise<BalancesCents> {
  const check = async () => {
    const balances = await display.step('check balances', steps.balances);
    if (resumed) return balances;
    for (const side of ['from', 'to'] as const) {
      if (balances[side] === null) throw refused(display, `there is no account ${terms[side]}`, 'ACCOUNT_NOT_FOUND');
    }
    if ((balances.from ?? 0) < terms.amountCents) {
      const has = decimalOf(balances.from ?? 0);
      throw refused(
        display,
        `${terms.from} has ${has}, which is less than ${decimalOf(terms.amountCents)}`,
        'INSUFFICIENT_FUNDS',
      );
    }
    return balances;
  };
  return resumed ? CancellationScope.nonCancellable(check) : check();
}

async function withdraw({
  transferId,
  terms,
  steps,
  display,
  cancellation,
  resumed,
}: TransferRun): Promise<MoneyMoved> {
  // What an earlier run has withdrawn is found out by its key, also when the transfer is to be cancelled.
  if (cancellation.requested() && !resumed) {
    throw new CancelledFailure(`transfer ${transferId} was cancelled; nothing was moved`);
  }
  const withdrawn = await display.step('withdraw', steps.withdraw);
  if (withdrawn.kind === 'refused') throw refused(display, `${terms.from} gives no money`, withdrawn.code);
  if (withdrawn.kind === 'key reused') throw idReused(display, transferId);
  return withdrawn.moved;
}

/** The money is withdrawn: it goes to its destination, or back to its source, never to both. */
async function bringToRest({ transferId, steps, display, cancellation, known }: TransferRun): Promise<Rest> {
  const refund = async (reason: string): Promise<Rest> => {
    const onRefused = (nextNumber: number) => {
      known.refundNumber = nextNumber;
    };
    await display.step('refund', () => steps.refund(known.refundNumber ?? 1, onRefused));
    return { status: 'refunded', reason };
  };
  const takeBack = async (): Promise<Rest | 'key reused'> => {
    const back = await display.step('refund', steps.takeBack);
    if (back.kind === 'key reused') return back.kind;
    // Refused under the key of the deposit: there can be no deposit any more.
    return back.kind === 'moved' ? { status: 'refunded', reason: 'it was cancelled' } : refund('it was cancelled');
  };

  if (cancellation.requested()) {
    const rest = await takeBack();
    if (rest !== 'key reused') return rest;
    // An earlier run has sent the deposit: what came of it decides.
  }
  const deposited = await display.step('deposit', steps.deposit);
  if (deposited.kind === 'moved') return { status: 'completed', deposited: deposited.moved };
  if (deposited.kind === 'refused') return refund(`the deposit was rejected: ${deposited.code}`);
  // An earlier run was cancelled and has taken the money back, or the id belongs to another transfer.
  const rest = await takeBack();
  if (rest === 'key reused') throw idReused(display, transferId);
  return rest;
}

function readInput(input: TransferInput): { transferId: string; terms: TransferTerms } {
  const { workflowId } = workflowInfo();
  const transferId = transferIdOf(workflowId);
  if (transferId === undefined) throw invalid(`${workflowId} is no workflow id of a transfer: expected transfer-<id>`);
  // Whoever starts it past the starter may give anything.
  const terms = readTerms(Object(input));
  if (typeof terms === 'string') throw invalid(terms);
  return { transferId, terms };
}

function invalid(message: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(message, failures.transferInvalid, { code: 'TRANSFER_INVALID' });
}

function refused(display: TransferDisplay, message: string, code: string): ApplicationFailure {
  display.turn('refused');
  return ApplicationFailure.nonRetryable(`${message}; nothing was moved`, failures.transferRefused, { code });
}

function idReused(display: TransferDisplay, transferId: string): ApplicationFailure {
  display.turn('refused');
  return ApplicationFailure.nonRetryable(
    `transfer ${transferId} is known with another source, destination or amount: use another id; nothing was moved`,
    failures.transferIdReused,
    { code: 'TRANSFER_ID_REUSED' },
  );
}
