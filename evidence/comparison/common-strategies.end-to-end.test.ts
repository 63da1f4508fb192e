import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import type { Guarantee } from 'exactly-one';
import { createFaultPlan } from '../../src/services/faults/fault-plan.ts';
import { TICKET_SYSTEM_PRESETS, type TicketSystemPoint } from '../../src/services/faults/ticket-system-faults.ts';
import { startTicketSystem } from '../../src/services/ticket-system/ticket-system.fixture.ts';
import { createWorker } from '../../src/worker/create-worker.ts';
import { workflowBundle } from '../../src/worker/workflow-bundle.ts';
import { UNREACHABLE_URL } from '../../testbed/processes.ts';
import { commonActivities } from './common-activities.ts';
import { listAsItIs } from './list-as-it-is.ts';
import type * as workflows from './workflows/index.ts';
import '../../testbed/test-runtime.ts';

/** Nothing waits for the deadline, so it is far away. */
const TIMINGS = { createDeadlineMs: 20_000, clockSkewMs: 100, settleMs: 400, lateWatchMs: [300] } as const;

/** The first create of order-01 gets an error 500 after its commit. Its second list of tickets is stale. */
const FAULTS = {
  seed: 14,
  rules: [
    { point: 'create.after-commit', kind: 'error-500', probability: 0.5 },
    { point: 'validate', kind: 'stale-read', probability: 0.5 },
  ],
} as const;
const ORDER = 'order-01';

let connection: Connection;
let native: NativeConnection;
beforeAll(async () => {
  const address = process.env.TEST_TEMPORAL_ADDRESS ?? '';
  connection = await Connection.connect({ address });
  native = await NativeConnection.connect({ address });
});
afterAll(async () => {
  await native.close();
  await connection.close();
});

/** What comes of an order with those faults, which its workflow completes. */
async function play(workflowType: keyof typeof workflows, guarantee: Guarantee) {
  const faultPlan = createFaultPlan<TicketSystemPoint>(TICKET_SYSTEM_PRESETS, FAULTS);
  const system = await startTicketSystem({ guarantee, faultPlan });
  const ticketSystemUrl = await system.app.listen({ host: '127.0.0.1', port: 0 });
  const taskQueue = `comparison-${workflowType}`;
  const listTickets = listAsItIs({ ticketSystemUrl, ...TIMINGS });
  const worker = await createWorker({
    connection: native,
    namespace: 'default',
    workflowBundle: await workflowBundle({ workflows: 'evidence/comparison/workflows' }),
    settings: { taskQueue, ticketSystemUrl, accountApiUrl: UNREACHABLE_URL, ...TIMINGS, searchAttributes: false },
    extensions: { moreActivities: ({ createTicket }) => commonActivities({ createTicket, listTickets }) },
  });
  const execution = new Client({ connection }).workflow.execute(workflowType, {
    ...{ workflowId: taskQueue, taskQueue, args: [{ orderId: ORDER }] },
  });
  try {
    await worker.runUntil(execution);
    const { sends, commits } = await system.audit();
    return { creates: sends, tickets: commits };
  } finally {
    await system.stop();
  }
}

describe('after a create whose response was lost', () => {
  it('a key that contains the attempt gets a second ticket, though the ticket system honours keys', async () => {
    expect(await play('keyPerAttempt', 'idempotency-key')).toEqual({ creates: 2, tickets: 2 });
  });

  it('a check before each create gets a second ticket when the list is stale', async () => {
    expect(await play('checkThenCreate', 'none')).toEqual({ creates: 2, tickets: 2 });
  });
});
