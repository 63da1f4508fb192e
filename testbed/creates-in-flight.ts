import type { WorkflowHandle } from '@temporalio/client';
import { requestId } from '../src/contracts/ids.ts';
import { WaitTimeoutError, waitUntil } from '../src/platform/processes/wait-until.ts';
import type { FaultRule } from '../src/services/faults/fault-rules.ts';
import { TICKET_SYSTEM_PRESETS, type TicketSystemPoint } from '../src/services/faults/ticket-system-faults.ts';
import { readLedger } from '../src/services/ticket-system/audit-ledger.ts';
import type { Faults } from './put-faults.ts';
import type { Stage } from './stage.ts';

/** Less than a create's deadline on the stage, so that the response still counts if nobody is killed. */
const HELD_MS = 1_200;
/** Once there is a create in flight, more of them are awaited for this time. */
const MORE_WITHIN_MS = 500;
const WITHIN_MS = 20_000;

/** The faults of a preset, except that every create commits and its response is held back, so that it can be interrupted. */
export function holdResponses({ seed, preset }: { readonly seed: number; readonly preset: string }): Faults {
  const presets: Readonly<Record<string, readonly FaultRule<TicketSystemPoint>[]>> = TICKET_SYSTEM_PRESETS;
  const others = (presets[preset] ?? []).filter(({ point }) => !point.startsWith('create.'));
  return {
    seed,
    rules: [...others, { point: 'create.after-commit', kind: 'delay', probability: 1, delayMs: HELD_MS }],
  };
}

/** Waits up to 20 s until `wanted` creates are in flight, and half a second for them once there is one. */
export async function untilCreatesInFlight(stage: Stage, wanted: number): Promise<void> {
  let firstAtMs: number | undefined;
  try {
    await waitUntil(
      async () => {
        const inFlight = await unansweredCreates(databaseAndOrders(stage));
        if (inFlight === 0) return false;
        firstAtMs ??= performance.now();
        return inFlight >= wanted || performance.now() - firstAtMs > MORE_WITHIN_MS;
      },
      { what: `${wanted} creates in flight`, timeoutMs: WITHIN_MS, everyMs: 20 },
    );
  } catch (error) {
    if (!(error instanceof WaitTimeoutError)) throw error;
  }
}

/** Where `unansweredCreates` looks. */
interface DatabaseAndOrders {
  readonly databaseDir: string;
  readonly describeOrder: (orderId: string) => Promise<DescribedOrder>;
}

type DescribedOrder = { readonly runId: string } & Pick<Described, 'pendingActivities'>;

export function databaseAndOrders({ client, databaseDir }: Stage): DatabaseAndOrders {
  return {
    databaseDir,
    describeOrder: async (orderId) => {
      const { raw, runId } = await client.workflow.getHandle(orderId).describe();
      return { runId, pendingActivities: raw.pendingActivities ?? null };
    },
  };
}

/**
 * Counts the creates in flight while responses are held back: those that the ticket system has committed and not yet
 * answered, and that no worker has reported. If the workers are dead by then, nobody will.
 */
export async function unansweredCreates({ databaseDir, describeOrder }: DatabaseAndOrders): Promise<number> {
  const nowMs = Date.now();
  const { lines } = await readLedger(databaseDir);
  const held = lines.filter(({ kind, at }) => kind === 'committed' && nowMs < Date.parse(at) + HELD_MS);
  const unreported = await Promise.all(
    held.map(async ({ orderID, requestID }) => {
      const order = await describeOrder(orderID);
      return startedCreates(order).some(
        ({ activityId, attempt }) =>
          requestId({ runId: order.runId, activityId: activityId ?? '', attempt: attempt ?? 1 }) === requestID,
      );
    }),
  );
  return unreported.filter(Boolean).length;
}

/** The number of creates that a worker has started and not yet reported. */
export async function createsInFlight({ client }: Pick<Stage, 'client'>, orderIds: readonly string[]): Promise<number> {
  const orders = await Promise.all(orderIds.map((orderId) => client.workflow.getHandle(orderId).describe()));
  return orders.flatMap(({ raw }) => startedCreates(raw)).length;
}

type Described = Awaited<ReturnType<WorkflowHandle['describe']>>['raw'];

function startedCreates({ pendingActivities }: Pick<Described, 'pendingActivities'>) {
  return (pendingActivities ?? []).filter(
    ({ activityType, lastStartedTime }) => activityType?.name === 'createTicket' && lastStartedTime,
  );
}
