import { type Client, WorkflowFailedError, type WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure, CancelledFailure, defaultPayloadConverter } from '@temporalio/common';
import { failures } from '../contracts/failures.ts';
import { transferWorkflowId } from '../contracts/ids.ts';
import { decimalOf } from '../contracts/money.ts';
import { readTerms, type TransferInput, type TransferResult, type TransferTerms } from '../contracts/transfer.ts';
import { workflowTypes } from '../contracts/workflow-names.ts';
import { type SubmissionResult, startOptions, submit } from './submit.ts';

/** A transfer as the starter sees it. */
export type TransferHandle = WorkflowHandle<(input: TransferInput) => Promise<TransferResult>>;

export interface SubmittedTransfer {
  readonly transferId: string;
  readonly handle: TransferHandle;
  readonly how: SubmissionResult;
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
    // One that has closed without having moved anything is not resumed but begun: it may be refused again.
    const resumed = start.resumed && !(await hasMovedNothing(handle));
    await client.workflow.start<(input: TransferInput) => Promise<TransferResult>>(workflowTypes.transferMoney, {
      ...startOptions(start),
      taskQueue,
      args: [{ from, to, amount: decimalOf(amountCents), ...(resumed ? { resumed } : {}) }],
      staticSummary: `${decimalOf(amountCents)} from ${from} to ${to}${start.resumed ? ', submitted again' : ''}`,
    });
  });
  if (how === 'was running' || how === 'was completed') await refuseOtherTerms(handle, transferId, terms);
  return { transferId, handle, how };
}

/** The terms of the latest run, whoever started it, are its input. */
async function refuseOtherTerms(handle: TransferHandle, transferId: string, terms: TransferTerms): Promise<void> {
  const { events } = await handle.fetchHistory();
  const payload = events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads?.[0];
  if (payload === undefined) throw new Error(`transfer ${transferId} has a history without its input`);
  const known = readTerms(Object(defaultPayloadConverter.fromPayload(payload)));
  // One whose input is no transfer is refused by its workflow.
  if (typeof known === 'string') return;
  if (known.from !== terms.from || known.to !== terms.to || known.amountCents !== terms.amountCents) {
    throw new TransferIdReused(transferId, known);
  }
}

/** Whether the latest run has closed in a way that proves that nothing was moved. */
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
