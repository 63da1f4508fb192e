import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { transferWorkflowId } from '../../src/contracts/ids.ts';
import type { TransferInput, TransferProgress, TransferResult, TransferTerms } from '../../src/contracts/transfer.ts';
import { messages, workflowTypes } from '../../src/contracts/workflow-names.ts';
import { submitTransfer } from '../../src/starter/submit-transfer.ts';
import { UNREACHABLE_URL } from '../../testbed/processes.ts';
import { createOrderEnvironment, type EnvironmentOptions, within } from './order-environment.ts';
import { startScriptedAccountApi } from './scripted-account-api.ts';
import { type Ending, endingOf } from './workflow-endings.ts';

export type TransferEnvironment = Awaited<ReturnType<typeof createTransferEnvironment>>;

/** As for orders, with a scripted account API. Each test opens accounts of its own. */
export async function createTransferEnvironment(options: EnvironmentOptions = {}) {
  const accounts = await startScriptedAccountApi();
  const environment = await createOrderEnvironment(UNREACHABLE_URL, { ...options, accountApiUrl: accounts.url });
  const { client, taskQueue } = environment;

  const ending = (transferId: string): Promise<Ending<TransferResult>> =>
    within(`transfer ${transferId}: its end`, () => endingOf<TransferResult>(client, transferWorkflowId(transferId)));

  return {
    client,
    accounts,
    taskQueue,
    address: environment.address,
    history: (transferId: string) => environment.history(transferWorkflowId(transferId)),
    /** A transfer of 100.00 between two fresh accounts that hold 1000.00 and 500.00. */
    newTransfer(name: string, transferId = `${name}-${randomUUID().slice(0, 8)}`) {
      const terms: TransferTerms = { from: `${transferId}-A`, to: `${transferId}-B`, amountCents: 10_000 };
      accounts.open(terms.from, 100_000);
      accounts.open(terms.to, 50_000);
      return { transferId, workflowId: transferWorkflowId(transferId), terms, ...terms };
    },
    submit: (transferId: string, terms: TransferTerms, queue = taskQueue) =>
      submitTransfer(client, queue, transferId, terms),
    startWorker: environment.startWorker,
    /** Starts a transfer without going through the starter, with any input. */
    start: (transferId: string, input: TransferInput) => startDirectly(client, taskQueue, transferId, input),
    ending,
    async run(transferId: string, terms: TransferTerms): Promise<Ending<TransferResult>> {
      await submitTransfer(client, taskQueue, transferId, terms);
      return ending(transferId);
    },
    progress: (transferId: string) =>
      client.workflow.getHandle(transferWorkflowId(transferId)).query<TransferProgress>(messages.transferProgress),
    cancel: (transferId: string) => client.workflow.getHandle(transferWorkflowId(transferId)).cancel(),
    terminate: (transferId: string) => client.workflow.getHandle(transferWorkflowId(transferId)).terminate('by a test'),
    /** Both balances in cents. */
    balances: ({ from, to }: TransferTerms) => [accounts.balanceCents(from), accounts.balanceCents(to)],
    async close() {
      await environment.close();
      await accounts.stop();
    },
  };
}

function startDirectly(client: Client, taskQueue: string, transferId: string, input: TransferInput) {
  return client.workflow.start<(input: TransferInput) => Promise<TransferResult>>(workflowTypes.transferMoney, {
    workflowId: transferWorkflowId(transferId),
    taskQueue,
    args: [input],
  });
}
