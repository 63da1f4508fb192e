import { type Client, WorkflowFailedError, type WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { payloadConverter, submit } from 'exactly-one/client';
import { failures } from '../contracts/failures.ts';
import { transferWorkflowId } from '../contracts/ids.ts';
import { decimalOf } from '../contracts/money.ts';
import { readTerms, type TransferInput, type TransferResult, type TransferTerms } from '../contracts/transfer.ts';
import { workflowTypes } from '../contracts/workflow-names.ts';
import type { Submitted } from './kind.ts';

/** A workflow by the name of its type: the starter does not import workflow code. */
type TransferMoney = (input: TransferInput) => Promise<TransferResult>;
type TransferHandle = WorkflowHandle<() => Promise<TransferResult>>;

/** The id belongs to a transfer with other terms; nothing was started. */
export class TransferIdReused extends Error {
  override readonly name = 'TransferIdReused';

  constructor(transferId: string, known: TransferTerms) {
    const { from, to, amountCents } = known;
    super(
      `transfer ${transferId} already exists, with ${decimalOf(amountCents)} from ${from} to ${to}; use another id`,
    );
  }
}

/**
 * Submits a transfer. Submitting the same id again leads to the same result and never moves money twice.
 * @throws TransferIdReused when the id exists with other terms; an error of the client when Temporal does not respond
 */
export async function submitTransfer(
  client: Client,
  taskQueue: string,
  transferId: string,
  terms: TransferTerms,
): Promise<Submitted<TransferResult>> {
  const { from, to, amountCents } = terms;
  const workflowId = transferWorkflowId(transferId);
  const handle: TransferHandle = client.workflow.getHandle(workflowId);
  const { result: submissionResult } = await submit<TransferMoney>(client, {
    ...{ workflow: workflowTypes.transferMoney, workflowId, taskQueue },
    async input(followsAnother) {
      if (followsAnother) await refuseOtherTerms(handle, transferId, terms);
      // A run that moved nothing leaves nothing to resume: the new run starts from scratch and may be refused again.
      const resumed = followsAnother && !(await hasMovedNothing(handle));
      return { from, to, amount: decimalOf(amountCents), ...(resumed ? { resumed } : {}) };
    },
    summary: `${decimalOf(amountCents)} from ${from} to ${to}`,
  });
  if (submissionResult === 'was running' || submissionResult === 'was completed') {
    await refuseOtherTerms(handle, transferId, terms);
  }
  return { id: transferId, handle, submissionResult };
}

/** Reads the terms of the latest run from its input, also if another program started it. */
async function refuseOtherTerms(handle: TransferHandle, transferId: string, terms: TransferTerms): Promise<void> {
  const { events } = await handle.fetchHistory();
  const payload = events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads?.[0];
  if (payload === undefined) throw new Error(`the history of transfer ${transferId} has no input`);
  const known = readTerms(Object(payloadConverter.fromPayload(payload)));
  // The workflow refuses an invalid input itself.
  if (typeof known === 'string') return;
  if (known.from !== terms.from || known.to !== terms.to || known.amountCents !== terms.amountCents) {
    throw new TransferIdReused(transferId, known);
  }
}

/** Whether the way the latest run closed proves that no money was moved. */
async function hasMovedNothing(handle: TransferHandle): Promise<boolean> {
  const error = await handle.result().then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof WorkflowFailedError)) return false;
  const { cause } = error;
  if (cause instanceof CancelledFailure) return true;
  if (!(cause instanceof ApplicationFailure)) return false;
  return cause.type === failures.transferRefused || cause.type === failures.transferInvalid;
}
