import { setTimeout as pause } from 'node:timers/promises';
import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import type { OrderResult } from '../../../src/contracts/order.ts';
import { type Ending, endingOf } from '../../../src/starter/ending.ts';
import { orderKind, submitOrder } from '../../../src/starter/order.ts';
import { createsInFlight } from '../../../testbed/creates-in-flight.ts';
import type { ClientStep, Moment } from '../plan/clients.ts';
import { patiently } from './patiently.ts';

/** A thing that a client did with an order, and what came of it. */
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
  /** The ticket that each submission was answered with. */
  readonly answers: readonly string[];
}

interface Player {
  readonly client: Client;
  readonly taskQueue: string;
  /** Aborted when nobody waits any longer. */
  readonly signal: AbortSignal;
  /** Resolves then. */
  readonly aborted: Promise<undefined>;
}

/** A create that has not begun by then was quick, or waits for something. */
const CREATE_BEGINS_WITHIN_MS = 4_000;
const LOOK_EVERY_MS = 50;
const ASK_AGAIN_AFTER_MS = 200;

/** Submits an order, does with it what is planned, and waits for its end. */
export async function playOrder(player: Player, orderId: string, steps: readonly ClientStep[]): Promise<PlayedOrder> {
  const { client, taskQueue } = player;
  const actions: ClientAction[] = [];
  const answers: string[] = [];
  const act = async (action: ClientAction['action'], call: () => Promise<string>) => {
    const outcome = await patiently(client, `${action} ${orderId}`, call);
    actions.push({ at: new Date().toISOString(), orderId, action, outcome });
  };
  const submit = async () => (await submitOrder(client, taskQueue, orderId)).submissionResult;
  const untilEnd = async () => {
    const ending = await endOf(player, orderId);
    if (ending?.kind === 'result') answers.push(ending.result.ticketId);
  };

  await act('submit', submit);
  for (const step of steps) {
    if (step.does === 'submit after the end') {
      await untilEnd();
      await act('submit after the end', submit);
      continue;
    }
    await untilMoment(player, orderId, step.at);
    if (step.does === 'submit again') await act('submit again', submit);
    else if (step.does === 'cancel') await act('cancel', () => unlessOver(client.workflow.getHandle(orderId).cancel()));
    else {
      const { runId } = await patiently(client, `look at ${orderId}`, () =>
        client.workflow.getHandle(orderId).describe(),
      );
      // That very run: when the answer is lost and the call repeated, it must not reach the next one.
      await act('terminate', () => unlessOver(client.workflow.getHandle(orderId, runId).terminate('by chaos')));
      await pause(step.resubmitAfterMs);
      await act('submit after terminating', submit);
    }
  }
  await untilEnd();
  return { orderId, actions, answers };
}

async function unlessOver(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'done';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return 'was over';
    throw error;
  }
}

async function untilMoment({ client }: Player, orderId: string, { after, ms }: Moment): Promise<void> {
  if (after === 'create begun') {
    const givesUpAt = performance.now() + CREATE_BEGINS_WITHIN_MS;
    const begun = () => patiently(client, `look at ${orderId}`, () => createsInFlight({ client }, [orderId]));
    while (performance.now() < givesUpAt && (await begun()) === 0) await pause(LOOK_EVERY_MS);
  }
  await pause(ms);
}

/** Waits for the end of an order, however often the connection breaks; undefined when nobody waits any longer. */
async function endOf({ client, signal, aborted }: Player, orderId: string): Promise<Ending<OrderResult> | undefined> {
  while (!signal.aborted) {
    const ending = await Promise.race([endingOf(orderKind, client.workflow.getHandle(orderId)), aborted]);
    if (ending?.kind !== 'no result' || ending.code !== 'TEMPORAL_UNREACHABLE') return ending;
    await pause(ASK_AGAIN_AFTER_MS);
  }
  return undefined;
}
