import type { Client } from '@temporalio/client';
import pLimit from 'p-limit';
import { decimalOf } from '../contracts/money.ts';
import { readTerms, type TransferProgress, type TransferTerms, transferWorkflowId } from '../contracts/transfer.ts';
import { messages } from '../contracts/workflow-messages.ts';
import { follow } from './follow.ts';
import { WrongUse } from './order-ids.ts';
import { queryWithin } from './query-within.ts';
import { submitTransfer, TransferIdReused } from './submit-transfer.ts';
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
  const { client, taskQueue, transferIds, terms, json, wait, detach } = command;
  const limit = pLimit(AT_ONCE);
  const submissions = transferIds.map((transferId) =>
    limit(() => submitTransfer(client, taskQueue, transferId, terms)),
  );
  const transfers = await Promise.all(submissions).catch((error: unknown) => {
    if (!(error instanceof TransferIdReused)) throw error;
    if (json)
      console.log(JSON.stringify({ transferId: transferIds[0], error: error.message, code: 'TRANSFER_ID_REUSED' }));
    else console.error(error.message);
    return undefined;
  });
  if (transfers === undefined) return 1;
  const lookAgain = ([first = '']: readonly string[]) => {
    const words = `${terms.from} ${terms.to} ${decimalOf(terms.amountCents)}`;
    return `look again:  npm run starter -- transfer ${words} --id ${first}`;
  };
  if (!wait) {
    for (const { transferId, how } of transfers)
      console.log(json ? JSON.stringify({ transferId, submitted: how }) : `${transferId} ${how}`);
    if (!json) console.log(lookAgain(transferIds));
    return 0;
  }
  await warnWithoutWorker(client, taskQueue, 'transfers');
  const width = Math.max(...transferIds.map((transferId) => transferId.length));
  const progressOf = (transferId: string) =>
    queryWithin<TransferProgress>(client, transferWorkflowId(transferId), messages.transferProgress);
  return follow({
    what: 'transfers',
    items: transfers,
    idOf: ({ transferId }) => transferId,
    endingOf: ({ transferId, handle }) => transferEndingOf(transferId, handle),
    isSuccess: (ending) => ending.kind === 'result' && ending.result.status === 'completed',
    endingLine: (transfer, ending) => (json ? jsonLine(ending) : transferEndingLine(transfer, ending, width)),
    progressLine: async ({ transferId }) => transferProgressLine(transferId, await progressOf(transferId), width),
    json,
    detach,
    lookAgain,
  });
}

function jsonLine(ending: TransferEnding): string {
  if (ending.kind === 'result') return JSON.stringify(ending.result);
  const { transferId, error, code } = ending;
  return JSON.stringify({ transferId, error, code });
}
