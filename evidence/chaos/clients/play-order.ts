import { setTimeout as pause } from 'node:timers/promises';
import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import type { OrderResult } from '../../../src/contracts/order.ts';
import { type Ending, endingOf } from '../../../src/starter/ending.ts';
import { orderKind, submitOrder } from '../../../src/starter/order.ts';
import { createsInFlight } from '../../../testbed/creates-in-flight.ts';
import type { ClientStep, Moment } from '../plan/client-steps.ts';
import { callTemporal } from './call-temporal.ts';

/** One action of a client on an order, and its result. */
export interface ClientAction {
  /** RFC 3339. */
  readonly at: string;
  readonly orderId: string;
  readonly action:
    | 'submit'
    | 'submit again'
    | 'cancel'
    | 'terminate'
    | 'submit after terminating'
    | 'submit after the end';
  readonly outcome: string;
}

export interface PlayedOrder {
  readonly orderId: string;
  readonly actions: readonly ClientAction[];
  /** The ticket id that each completed submission returned. */
  readonly returnedTicketIds: readonly string[];
}

interface Player {
  readonly client: Client;
  readonly taskQueue: string;
  /** Aborted when the run stops waiting for orders to end. */
  readonly signal: AbortSignal;
  /** Resolves when `signal` is aborted. */
  readonly aborted: Promise<undefined>;
}

/** A create that has not started by then was too quick to be seen, or the order is waiting for something else. */
const CREATE_STARTS_WITHIN_MS = 4_000;
const POLL_EVERY_MS = 50;
const RECONNECT_AFTER_MS = 200;

/** Submits an order, plays the planned steps on it, and waits for its end. */
export async function playOrder(player: Player, orderId: string, steps: readonly ClientStep[]): Promise<PlayedOrder> {
  const { client, taskQueue } = player;
  const actions: ClientAction[] = [];
  const returnedTicketIds: string[] = [];
  const act = async (action: ClientAction['action'], call: () => Promise<string>) => {
    const outcome = await callTemporal(client, `${action} ${orderId}`, call);
    actions.push({ at: new Date().toISOString(), orderId, action, outcome });
  };
  const submit = async () => (await submitOrder(client, taskQueue, orderId)).submissionResult;
  const untilEnded = async () => {
    const ending = await endOf(player, orderId);
    if (ending?.kind === 'result') returnedTicketIds.push(ending.result.ticketId);
  };

  await act('submit', submit);
  for (const step of steps) {
    if (step.action === 'submit after the end') {
      await untilEnded();
      await act('submit after the end', submit);
      continue;
    }
    await untilMoment(player, orderId, step.at);
    if (step.action === 'submit again') await act('submit again', submit);
    else if (step.action === 'cancel') {
      await act('cancel', () => unlessClosed(client.workflow.getHandle(orderId).cancel()));
    } else {
      const { runId } = await callTemporal(client, `describe ${orderId}`, () =>
        client.workflow.getHandle(orderId).describe(),
      );
      // With the run id: if the response is lost and the call is retried, it must not terminate the next run.
      await act('terminate', () => unlessClosed(client.workflow.getHandle(orderId, runId).terminate('by chaos')));
      await pause(step.resubmitAfterMs);
      await act('submit after terminating', submit);
    }
  }
  await untilEnded();
  return { orderId, actions, returnedTicketIds };
}

async function unlessClosed(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'done';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return 'already closed';
    throw error;
  }
}

async function untilMoment({ client }: Player, orderId: string, { after, ms }: Moment): Promise<void> {
  if (after === 'create started') {
    const endsAt = performance.now() + CREATE_STARTS_WITHIN_MS;
    const started = () => callTemporal(client, `describe ${orderId}`, () => createsInFlight({ client }, [orderId]));
    while (performance.now() < endsAt && (await started()) === 0) await pause(POLL_EVERY_MS);
  }
  await pause(ms);
}

/** Waits for the end of an order however often the connection breaks; undefined when the run stops waiting. */
async function endOf({ client, signal, aborted }: Player, orderId: string): Promise<Ending<OrderResult> | undefined> {
  while (!signal.aborted) {
    const ending = await Promise.race([endingOf(orderKind, client.workflow.getHandle(orderId)), aborted]);
    if (ending?.kind !== 'no result' || ending.code !== 'TEMPORAL_UNREACHABLE') return ending;
    await pause(RECONNECT_AFTER_MS);
  }
  return undefined;
}
