import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { transferWorkflowId } from '../../src/contracts/ids.ts';
import type { TransferInput, TransferProgress, TransferResult, TransferTerms } from '../../src/contracts/transfer.ts';
import { messages, workflowTypes } from '../../src/contracts/workflow-names.ts';
import { submitTransfer } from '../../src/starter/submit-transfer.ts';
import { UNREACHABLE_URL } from '../../testbed/processes.ts';
import { type Ending, endingOf } from './endings.ts';
import { createOrderWorld, type WorldOptions, within } from './order-world.ts';
import { startScriptedAccountApi } from './scripted-account-api.ts';

export type TransferWorld = Awaited<ReturnType<typeof createTransferWorld>>;

/** Where transfers live during a test: as orders do, with a scripted account API. Each scenario has accounts of its own. */
export async function createTransferWorld(options: WorldOptions = {}) {
  const accounts = await startScriptedAccountApi({});
  const world = await createOrderWorld(UNREACHABLE_URL, { ...options, accountApiUrl: accounts.url });
  const { client, taskQueue } = world;

  const ending = (transferId: string): Promise<Ending<TransferResult>> =>
    within(`transfer ${transferId}: its end`, () => endingOf<TransferResult>(client, transferWorkflowId(transferId)));

  return {
    client,
    accounts,
    taskQueue,
    address: world.address,
    history: (transferId: string) => world.history(transferWorkflowId(transferId)),
    /** A transfer of 100.00 between two fresh accounts that hold 1000.00 and 500.00. */
    newTransfer(name: string, transferId = `${name}-${randomUUID().slice(0, 8)}`) {
      const terms: TransferTerms = { from: `${transferId}-A`, to: `${transferId}-B`, amountCents: 10_000 };
      accounts.open(terms.from, 100_000);
      accounts.open(terms.to, 50_000);
      return { transferId, workflowId: transferWorkflowId(transferId), terms, ...terms };
    },
    submit: (transferId: string, terms: TransferTerms, queue = taskQueue) =>
      submitTransfer(client, queue, transferId, terms),
    startWorker: world.startWorker,
    /** Past the starter, with any input. */
    start: (transferId: string, input: TransferInput) => startPastTheStarter(client, taskQueue, transferId, input),
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
      await world.close();
      await accounts.stop();
    },
  };
}

function startPastTheStarter(client: Client, taskQueue: string, transferId: string, input: TransferInput) {
  return client.workflow.start<(input: TransferInput) => Promise<TransferResult>>(workflowTypes.transferMoney, {
    workflowId: transferWorkflowId(transferId),
    taskQueue,
    args: [input],
  });
}
