import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import {
  CancellationScope,
  continueAsNew,
  isCancellation,
  proxyLocalActivities,
  workflowInfo,
} from '@temporalio/workflow';
import { failures } from '../contracts/failures.ts';
import { decimalOf } from '../contracts/money.ts';
import type { MoneyActivities } from '../contracts/money-activities.ts';
import {
  type BalancesCents,
  readTerms,
  type TransferInput,
  type TransferResult,
  type TransferTerms,
  transferIdOf,
} from '../contracts/transfer.ts';
import { transferKeys } from '../protocol/transfer-keys.ts';
import { type Cancellation, watchForCancellation } from './cancellation.ts';
import { HistoryTooLong } from './history-too-long.ts';
import { createTransferDisplay, type TransferDisplay } from './transfer-display.ts';
import { createTransferSteps, type TransferSteps } from './transfer-steps.ts';

const worker = proxyLocalActivities<MoneyActivities>({ startToCloseTimeout: '10s' });

/** What a transfer hands to its next run when its history has grown too long; all else it finds out by its keys. */
export interface CarriedTransfer {
  startingBalancesCents?: BalancesCents;
  cancelRequested?: boolean;
}

/** How the money came to rest. */
type Rest = { readonly status: 'completed' } | { readonly status: 'refunded'; readonly reason: string };

interface TransferRun {
  readonly transferId: string;
  readonly terms: TransferTerms;
  readonly steps: TransferSteps;
  readonly display: TransferDisplay;
  readonly cancellation: Cancellation;
  /** An earlier run may have moved money already. */
  readonly resumed: boolean;
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
  const run = { transferId, terms, steps, display, cancellation, resumed: input.resumed ?? false };
  const known = { ...carried };
  try {
    display.indexWith(await worker.getTransferSettings());
    display.turn('running');
    known.startingBalancesCents ??= await checkBalances(run);
    const startingBalancesCents = known.startingBalancesCents;
    // From here on money may be on its way: a cancellation is looked at between steps, and breaks nothing off.
    return await CancellationScope.nonCancellable(() => transfer(run, startingBalancesCents));
  } catch (error) {
    if (error instanceof HistoryTooLong) {
      const { startingBalancesCents = { from: null, to: null } } = known;
      return continueAsNew<typeof transferMoney>(
        { ...input, resumed: true },
        { startingBalancesCents, cancelRequested: cancellation.requested() },
      );
    }
    if (isCancellation(error)) display.turn('cancelled');
    throw error;
  }
}

async function transfer(run: TransferRun, startingBalancesCents: BalancesCents): Promise<TransferResult> {
  const { transferId, terms, steps, display, cancellation } = run;
  await withdraw(run);
  const rest = await bringToRest(run);
  const finalBalancesCents = await display.step('read final balances', steps.balances);
  display.turn(rest.status);
  const tooLate = cancellation.requested() && rest.status === 'completed';
  return {
    transferId,
    ...terms,
    ...rest,
    startingBalancesCents,
    finalBalancesCents,
    ...(tooLate ? { cancellation: 'came too late' } : {}),
  };
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

async function withdraw({ transferId, terms, steps, display, cancellation, resumed }: TransferRun): Promise<void> {
  // What an earlier run has withdrawn is found out by its key, also when the transfer is to be cancelled.
  if (cancellation.requested() && !resumed) {
    throw new CancelledFailure(`transfer ${transferId} was cancelled; nothing was moved`);
  }
  const withdrawn = await display.step('withdraw', steps.withdraw);
  if (withdrawn.kind === 'refused') throw refused(display, `${terms.from} gives no money`, withdrawn.code);
  if (withdrawn.kind === 'key reused') throw idReused(transferId);
}

/** The money is withdrawn: it goes to its destination, or back to its source, never to both. */
async function bringToRest({ transferId, steps, display, cancellation }: TransferRun): Promise<Rest> {
  const refund = async (reason: string): Promise<Rest> => {
    await display.step('refund', steps.refund);
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
  if (deposited.kind === 'moved') return { status: 'completed' };
  if (deposited.kind === 'refused') return refund(`the deposit was rejected: ${deposited.code}`);
  // An earlier run was cancelled and has taken the money back, or the id belongs to another transfer.
  const rest = await takeBack();
  if (rest === 'key reused') throw idReused(transferId);
  return rest;
}

function readInput(input: TransferInput): { transferId: string; terms: TransferTerms } {
  const { workflowId } = workflowInfo();
  const transferId = transferIdOf(workflowId);
  if (transferId === undefined) throw invalid(`${workflowId} is no workflow id of a transfer: expected transfer-<id>`);
  const terms = readTerms(input);
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

function idReused(transferId: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(
    `transfer ${transferId} is known with another source, destination or amount: use another id; nothing was moved`,
    failures.transferIdReused,
    { code: 'TRANSFER_ID_REUSED' },
  );
}
