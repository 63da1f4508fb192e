import type { Client } from '@temporalio/client';
import pLimit from 'p-limit';
import { transferWorkflowId } from '../contracts/ids.ts';
import { decimalOf } from '../contracts/money.ts';
import { readTerms, type TransferProgress, type TransferTerms } from '../contracts/transfer.ts';
import { messages } from '../contracts/workflow-names.ts';
import { errorMessages } from './failure-reason.ts';
import { DETACHED, follow } from './follow.ts';
import { WrongUse } from './order-ids.ts';
import { queryWithin } from './query-within.ts';
import { type SubmittedTransfer, submitTransfer, TransferIdReused } from './submit-transfer.ts';
import { warnWithoutWorker } from './task-queue.ts';
import { type TransferEnding, transferEndingOf } from './transfer-ending.ts';
import { transferEndingLine, transferProgressLine } from './transfer-lines.ts';

export interface TransferCommand {
  readonly client: Client;
  readonly taskQueue: string;
  readonly transferIds: readonly string[];
  readonly terms: TransferTerms;
  /** One JSON line per transfer instead of words for people. */
  readonly json: boolean;
  readonly wait: boolean;
  /** The ids are random: the user has to be told them. */
  readonly announce: boolean;
  /** Fires when the user wants to leave the transfers alone. */
  readonly detach: AbortSignal;
}

const AT_ONCE = 20;

/** @throws WrongUse when accounts or amount are wrong */
export function termsOf(from: string, to: string, amount: string): TransferTerms {
  const terms = readTerms({ from, to, amount });
  if (typeof terms === 'string') throw new WrongUse(terms);
  return terms;
}

/**
 * Submits transfers, shows them live, and prints what became of each.
 * @returns the exit code: 0 when every one is completed (or was submitted, without waiting), 1 otherwise
 */
export async function transferCommand(command: TransferCommand): Promise<number> {
  const { client, taskQueue, transferIds, terms, json, wait, announce, detach } = command;
  const limit = pLimit(AT_ONCE);
  const width = Math.max(...transferIds.map((transferId) => transferId.length));
  const print = (transfer: Pick<SubmittedTransfer, 'transferId' | 'how'>, ending: TransferEnding) =>
    console.log(json ? jsonLine(ending) : transferEndingLine(transfer, ending, width));
  const submissions = await Promise.all(
    transferIds.map((transferId) =>
      limit(async () => {
        try {
          const submitted = await submitTransfer(client, taskQueue, transferId, terms);
          // At once: whoever is cut off from here on must know the ids that he may not pay again.
          if (wait && announce) console.error(`${transferId} ${submitted.how}`);
          return submitted;
        } catch (error) {
          print({ transferId, how: 'started' }, notSubmitted(transferId, error));
          return undefined;
        }
      }),
    ),
  );
  const transfers = submissions.filter((submitted) => submitted !== undefined);
  const refused = submissions.length - transfers.length;
  const checkAgain = (ids: readonly string[]) => {
    const words = `${terms.from} ${terms.to} ${decimalOf(terms.amountCents)}`;
    return ids.map((id) => `look again:  npm run starter -- transfer ${words} --id ${id}`).join('\n');
  };
  if (!wait) {
    for (const { transferId, how } of transfers)
      console.log(json ? JSON.stringify({ transferId, submitted: how }) : `${transferId} ${how}`);
    if (!json && transfers.length > 0) console.log(checkAgain(transfers.map(({ transferId }) => transferId)));
    return refused === 0 ? 0 : 1;
  }
  if (transfers.length === 0) return 1;
  await warnWithoutWorker(client, taskQueue, 'transfers');
  const progressOf = (transferId: string) =>
    queryWithin<TransferProgress>(client, transferWorkflowId(transferId), messages.transferProgress);
  const exitCode = await follow({
    what: 'transfers',
    items: transfers,
    idOf: ({ transferId }) => transferId,
    endingOf: ({ transferId, handle }) => transferEndingOf(transferId, handle),
    isSuccess: (ending) => ending.kind === 'result' && ending.result.status === 'completed',
    endingLine: (transfer, ending) => (json ? jsonLine(ending) : transferEndingLine(transfer, ending, width)),
    progressLine: async ({ transferId }) => transferProgressLine(transferId, await progressOf(transferId), width),
    json,
    detach,
    detachedLine: ({ transferId }) => JSON.stringify({ transferId, ...DETACHED }),
    checkAgain,
  });
  return refused === 0 ? exitCode : 1;
}

function notSubmitted(transferId: string, error: unknown): TransferEnding {
  if (error instanceof TransferIdReused) {
    return { kind: 'no result', transferId, error: error.message, code: 'TRANSFER_ID_REUSED' };
  }
  const reason = error instanceof Error ? errorMessages(error) : String(error);
  const message = `it may be started or not, submit it again with its id: ${reason}`;
  return { kind: 'no result', transferId, error: message, code: 'TEMPORAL_UNREACHABLE' };
}

function jsonLine(ending: TransferEnding): string {
  if (ending.kind === 'result') return JSON.stringify(ending.result);
  const { transferId, error, code } = ending;
  return JSON.stringify({ transferId, error, code });
}
