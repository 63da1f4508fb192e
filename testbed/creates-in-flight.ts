import type { WorkflowHandle } from '@temporalio/client';
import { requestId } from 'exactly-one';
import { WaitTimeoutError, waitUntil } from '../src/platform/processes/wait-until.ts';
import { createFaultPlan } from '../src/services/faults/fault-plan.ts';
import type { FaultRule } from '../src/services/faults/fault-rules.ts';
import { TICKET_SYSTEM_PRESETS, type TicketSystemPoint } from '../src/services/faults/ticket-system-faults.ts';
import { readLedger } from '../src/services/ticket-system/audit-ledger.ts';
import type { LedgerRecord } from '../src/services/ticket-system/records.ts';
import type { Stage } from './stage.ts';

/** Less than a create's deadline on the stage, so that the response still counts if nobody is killed. */
export const HELD_MS = 1_200;
/** Once there is a create in flight, more of them are awaited for this time. */
const MORE_WITHIN_MS = 800;
/** A create whose response comes sooner than this may be answered before the kill. */
const KILL_TAKES_MS = 300;
const WITHIN_MS = 60_000;

/** Faults that hold the response to some creates back, so that a worker can be killed before it comes. */
export interface HeldResponses {
  readonly seed: number;
  readonly rules: readonly FaultRule<TicketSystemPoint>[];
}

/**
 * The faults of a preset, and in addition responses to creates that are held back.
 * @param share of the creates, from 0 to 1; with 1 creates meet no other faults, so that each of them can be interrupted
 */
export function holdResponses(options: {
  readonly seed: number;
  readonly preset: string;
  readonly share: number;
}): HeldResponses {
  const { seed, preset, share } = options;
  const presets: Readonly<Record<string, readonly FaultRule<TicketSystemPoint>[]>> = TICKET_SYSTEM_PRESETS;
  const others = (presets[preset] ?? []).filter(({ point }) => share < 1 || !point.startsWith('create.'));
  const held = { point: 'create.after-commit', kind: 'delay', probability: share, delayMs: HELD_MS } as const;
  return { seed, rules: [held, ...others] };
}

/**
 * Waits up to a minute until `wanted` creates are in flight and stay so for a moment, and less than a second for them once
 * there is one.
 */
export async function untilCreatesInFlight(
  stage: Pick<Stage, 'client' | 'databaseDir'>,
  held: HeldResponses,
  wanted: number,
): Promise<void> {
  const soon = { ...databaseAndOrders(stage), nowMs: () => Date.now() + KILL_TAKES_MS };
  let firstAtMs: number | undefined;
  try {
    await waitUntil(
      async () => {
        const inFlight = await unansweredCreates(soon, held);
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
  /** The time now, in epoch milliseconds. */
  readonly nowMs: () => number;
}

type DescribedOrder = { readonly runId: string } & Pick<Described, 'pendingActivities'>;

export function databaseAndOrders({ client, databaseDir }: Pick<Stage, 'client' | 'databaseDir'>): DatabaseAndOrders {
  return {
    databaseDir,
    nowMs: Date.now,
    describeOrder: async (orderId) => {
      const { raw, runId } = await client.workflow.getHandle(orderId).describe();
      return { runId, pendingActivities: raw.pendingActivities ?? null };
    },
  };
}

/**
 * Counts the creates in flight: those that the ticket system has committed, whose response it holds back, and that no
 * worker has reported. If the workers are dead by then, nobody will.
 * @param held the faults since the first create
 */
export async function unansweredCreates(
  { databaseDir, describeOrder, nowMs }: DatabaseAndOrders,
  held: HeldResponses,
): Promise<number> {
  const now = nowMs();
  const { lines } = await readLedger(databaseDir);
  const isHeld = heldRequests(lines, held);
  const unanswered = lines.filter(
    ({ kind, at, requestID }) => kind === 'committed' && isHeld.has(requestID) && now < Date.parse(at) + HELD_MS,
  );
  const unreported = await Promise.all(
    unanswered.map(async ({ orderID, requestID }) => {
      const order = await describeOrder(orderID);
      return startedCreates(order).some(
        ({ activityId, attempt }) =>
          requestId({ runId: order.runId, activityId: activityId ?? '', attempt: attempt ?? 1 }) === requestID,
      );
    }),
  );
  return unreported.filter(Boolean).length;
}

/** The creates whose response is held back: what a plan decides depends on the seed, the order and the number of the call. */
function heldRequests(lines: readonly LedgerRecord[], held: HeldResponses): ReadonlySet<string> {
  const plan = createFaultPlan<TicketSystemPoint>({}, held);
  const received = lines.filter(({ kind }) => kind === 'received');
  const decided = received.map(
    ({ orderID, requestID }) => [requestID, plan.decide('create.after-commit', orderID)] as const,
  );
  return new Set(decided.flatMap(([requestID, fault]) => (fault?.delayMs === HELD_MS ? [requestID] : [])));
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
