import type { Client, WorkflowHandle } from '@temporalio/client';
import { decimalOf } from '../contracts/money.ts';
import {
  type TransferInput,
  type TransferResult,
  type TransferTerms,
  transferWorkflowId,
} from '../contracts/transfer.ts';
import { workflowTypes } from '../contracts/workflow-messages.ts';
import { type HowSubmitted, startOptions, submit } from './submit.ts';

/** A transfer as the starter sees it. */
export type TransferHandle = WorkflowHandle<(input: TransferInput) => Promise<TransferResult>>;

export interface SubmittedTransfer {
  readonly transferId: string;
  readonly handle: TransferHandle;
  readonly how: HowSubmitted;
}

/** The id of a transfer belongs to other terms; nothing was started. */
export class TransferIdReused extends Error {
  override readonly name = 'TransferIdReused';

  constructor(transferId: string, known: TransferTerms) {
    const { from, to, amountCents } = known;
    super(`transfer ${transferId} is known, of ${decimalOf(amountCents)} from ${from} to ${to}: use another id`);
  }
}

/**
 * Submits a transfer. The same id submitted again never moves money twice, and gives the same result.
 * @throws TransferIdReused when the id is known with other terms; an error of the client when Temporal cannot be asked
 */
export async function submitTransfer(
  client: Client,
  taskQueue: string,
  transferId: string,
  terms: TransferTerms,
): Promise<SubmittedTransfer> {
  const { from, to, amountCents } = terms;
  const workflowId = transferWorkflowId(transferId);
  const handle: TransferHandle = client.workflow.getHandle(workflowId);
  const how = await submit(client, workflowId, async (start) => {
    if (start.resumed) await refuseOtherTerms(handle, transferId, terms);
    await client.workflow.start<(input: TransferInput) => Promise<TransferResult>>(workflowTypes.transferMoney, {
      ...startOptions(start),
      taskQueue,
      args: [{ from, to, amount: decimalOf(amountCents), ...(start.resumed ? { resumed: true } : {}) }],
      memo: { ...terms },
      staticSummary: `${decimalOf(amountCents)} from ${from} to ${to}${start.resumed ? ', submitted again' : ''}`,
    });
  });
  if (how === 'was running' || how === 'was completed') await refuseOtherTerms(handle, transferId, terms);
  return { transferId, handle, how };
}

/** The terms of the latest run stand in its memo, which also a closed workflow keeps. */
async function refuseOtherTerms(handle: TransferHandle, transferId: string, terms: TransferTerms): Promise<void> {
  const { memo = {} } = await handle.describe();
  const known = { from: String(memo.from), to: String(memo.to), amountCents: Number(memo.amountCents) };
  // Started by somebody else than a starter: its workflow and the keys of the account API still bind it.
  if (memo.from === undefined) return;
  if (known.from !== terms.from || known.to !== terms.to || known.amountCents !== terms.amountCents) {
    throw new TransferIdReused(transferId, known);
  }
}
