import { afterAll, beforeAll, expect } from '@jest/globals';
import { defaultPayloadConverter } from '@temporalio/common';
import { lateWatchId, type WatchState } from 'exactly-one';
import { resolve } from 'exactly-one/client';
import type { DevServer } from '../../src/platform/temporal/dev-server.ts';
import { testConcurrently } from '../../testbed/concurrent-tests.ts';
import { startTemporalServer } from '../../testbed/processes.ts';
import { holds, neverResponds, refuses, resetsConnection } from './behaviours.ts';
import { expectExactlyOne, expectFenceKept, outcomesOfRequests } from './order-assertions.ts';
import {
  createScriptedEnvironment,
  type HistoryEvent,
  type ScriptedEnvironment,
  TIMINGS,
} from './order-environment.ts';
import type { TicketSystemBehaviour } from './scripted-ticket-system.ts';
import { createTransferEnvironment, type TransferEnvironment } from './transfer-environment.ts';
import { resultOf } from './workflow-endings.ts';

/** So few that an order whose token is refused again and again continues as new. */
const MAX_EVENTS = 60;

let server: DevServer;
let none: ScriptedEnvironment;
let deadline: ScriptedEnvironment;
let watching: ScriptedEnvironment;
/** Its workers start and stop as its test says. */
let unattended: ScriptedEnvironment;
let transfers: TransferEnvironment;
beforeAll(async () => {
  server = await startTemporalServer({
    dynamicConfig: { 'limit.historyCount.suggestContinueAsNew': MAX_EVENTS },
  });
  none = await createScriptedEnvironment('none', { temporalAddress: server.address });
  deadline = await createScriptedEnvironment('deadline', { temporalAddress: server.address });
  watching = await createScriptedEnvironment('none', {
    temporalAddress: server.address,
    lateWatchMs: [WATCH_PAUSE_MS],
  });
  unattended = await createScriptedEnvironment('deadline', { temporalAddress: server.address, withWorker: false });
  transfers = await createTransferEnvironment({ temporalAddress: server.address });
});
afterAll(async () => {
  await transfers.close();
  await unattended.close();
  await watching.close();
  await deadline.close();
  await none.close();
  await server.stop();
});

/** Long enough for many signals, also on a busy machine. */
const WATCH_PAUSE_MS = 15_000;

/** Each refusal costs about seventeen events. */
const manyRefusals: readonly TicketSystemBehaviour[] = Array(10).fill(refuses(401, 'TOKEN_EXPIRED'));

async function hasContinuedAsNew(
  { client }: Pick<ScriptedEnvironment, 'client'>,
  workflowId: string,
): Promise<boolean> {
  const { raw, runId } = await client.workflow.getHandle(workflowId).describe();
  return runId !== raw.workflowExecutionInfo?.firstRunId;
}

/** The marker of a local activity, such as the one that reads the settings. */
const LOCAL_ACTIVITY = 'core_local_activity';

function activityOf(event: HistoryEvent): readonly string[] {
  const { activityTaskScheduledEventAttributes: scheduled, markerRecordedEventAttributes: marker } = event;
  return [scheduled?.activityType?.name ?? marker?.markerName ?? []].flat();
}

/** Sends signals that nobody handles, until the workflow has continued as new. */
async function signalUntilContinued(environment: ScriptedEnvironment, workflowId: string): Promise<void> {
  const handle = environment.client.workflow.getHandle(workflowId);
  await environment.untilOrder(workflowId, 'its next run', async () => {
    await Promise.all(Array.from({ length: 10 }, () => handle.signal('unknown')));
    return hasContinuedAsNew(environment, workflowId);
  });
}

/** The first pause that a run of a late watch was started with. */
async function firstPauseMs(environment: ScriptedEnvironment, watchId: string, runId?: string): Promise<number> {
  const [started] = await environment.history(watchId, runId);
  const payload = started?.workflowExecutionStartedEventAttributes?.input?.payloads?.[1];
  if (!payload) throw new Error(`the history of ${watchId} does not say what to watch`);
  return defaultPayloadConverter.fromPayload<WatchState>(payload).lateWatchMs[0] ?? 0;
}

testConcurrently({
  'a transfer that continues as new': {
    async 'does not repeat a refund that was definitely refused'() {
      const { accounts, newTransfer, run, balances } = transfers;
      const { transferId, workflowId, terms, from, to } = newTransfer('refunds');
      const refuses = accounts.refusesForEver(422, 'DEPOSIT_REJECTED');
      accounts.script('deposit', to, refuses);
      accounts.script('deposit', from, ...Array(6).fill(refuses));
      expect(await run(transferId, terms)).toMatchObject({
        result: { status: 'refunded', startingBalancesCents: { from: 100_000 } },
      });
      expect(await hasContinuedAsNew(transfers, workflowId)).toBe(true);
      const refunds = accounts.calls(workflowId).filter(({ key }) => key?.includes('/refund'));
      // Each is sent twice, and a third time if the new run began in between.
      expect(refunds.length).toBeLessThanOrEqual(3 * new Set(refunds.map(({ key }) => key)).size);
      expect(balances(terms)).toEqual([100_000, 50_000]);
    },
  },

  'an order that continues as new': {
    async 'remembers its fence and its creates'() {
      const { tickets, run, progress } = deadline;
      const orderId = deadline.orderId('fence');
      tickets.script('create', orderId, resetsConnection, refuses(409, 'IDEMPOTENCY_KEY_IN_FLIGHT'));
      tickets.script('list', orderId, tickets.respondCorrectly, ...manyRefusals);
      const ending = await run(orderId);
      expectExactlyOne(tickets, orderId, ending);
      expectFenceKept(tickets, orderId, 0);
      expect(await hasContinuedAsNew(deadline, orderId)).toBe(true);
      expect(outcomesOfRequests(await progress(orderId))).toHaveLength(3);
      expect(resultOf(ending).createAttempts).toBeGreaterThanOrEqual(3);
    },

    async 'remembers its settings, its reservation and the tickets it has seen: a list that lacks them is not complete'() {
      const { tickets, submit, quiescence, history } = deadline;
      const orderId = deadline.orderId('seen');
      const stays = tickets.addTicket(orderId, { createdAt: '2026-01-01T00:00:00.000Z' });
      const surplus = tickets.addTicket(orderId);
      const lacksAll: TicketSystemBehaviour = (call) =>
        call.send({ status: 200, body: { tickets: [], asOf: new Date().toISOString() } });
      // The void is repeated across the change of runs; after it the list lacks the tickets.
      tickets.script('void', orderId, ...manyRefusals);
      tickets.script('list', orderId, tickets.respondCorrectly, lacksAll, lacksAll);
      await submit(orderId);
      const ending = await quiescence(orderId);
      expectExactlyOne(tickets, orderId, ending);
      expect(await hasContinuedAsNew(deadline, orderId)).toBe(true);
      expect(resultOf(ending)).toMatchObject({ ticketId: stays.ticketId, voidedTicketIds: [surplus.ticketId] });
      const asked = (await history(orderId)).flatMap(activityOf);
      expect(asked).toContain('voidTicket');
      for (const once of ['getReservation', LOCAL_ACTIVITY]) expect(asked).not.toContain(once);
      expect(tickets.calls('create', orderId)).toEqual([]);
    },

    async 'remembers that it was cancelled'() {
      const { tickets, submit, cancel, quiescence } = deadline;
      const orderId = deadline.orderId('cancelled');
      const held = holds(refuses(401, 'TOKEN_EXPIRED'));
      tickets.script('list', orderId, held.behaviour, ...manyRefusals);
      await submit(orderId);
      await held.reached;
      await cancel(orderId);
      held.release();
      const ending = await quiescence(orderId);
      expect(await hasContinuedAsNew(deadline, orderId)).toBe(true);
      expect(ending).toMatchObject({ kind: 'failed', type: 'OrderCancelled' });
      expectExactlyOne(tickets, orderId, ending);
      expect(tickets.calls('create', orderId)).toEqual([]);
      // It is closed as failed, so the same order can be submitted again.
      expect((await submit(orderId)).submissionResult).toBe('resumed');
      expectExactlyOne(tickets, orderId, await quiescence(orderId));
    },

    async 'remembers that a person has resolved it'() {
      const { tickets, submit, client, history, ending, startWorker } = unattended;
      const orderId = unattended.orderId('resolved');
      tickets.script('list', orderId, ...Array(4).fill(neverResponds));
      const worker = await startWorker();
      const { handle } = await submit(orderId);
      await unattended.untilOrder(orderId, 'its check', () => tickets.calls('list', orderId).length > 0);
      await worker.stop();
      // One workflow task gets both the resolution and the history that is too long.
      const { runId } = await handle.describe();
      const resolving = resolve(client, orderId, { none: true, reason: 'nothing in the back office', by: 'Ada' });
      for (let count = 0; count < MAX_EVENTS; count += 1) await handle.signal('unknown');
      await startWorker();
      expect(await resolving).toBeUndefined();
      expect(await ending(orderId)).toMatchObject({ type: 'ResolvedWithoutTicket', details: { by: 'Ada' } });
      const first = await history(orderId, runId);
      expect(first.some((event) => event.workflowExecutionUpdateAcceptedEventAttributes)).toBe(true);
      expect(first.at(-1)?.workflowExecutionContinuedAsNewEventAttributes).toBeTruthy();
      expect(tickets.calls('create', orderId)).toEqual([]);
    },

    async 'after a resubmission keeps the fence of the resumed run'() {
      const { tickets, submit, terminate, quiescence, watchEnding } = none;
      const orderId = none.orderId('resumed');
      const held = holds((call) => void call.act());
      tickets.script('create', orderId, held.behaviour);
      await submit(orderId);
      await held.reached;
      await terminate(orderId);
      tickets.script('list', orderId, ...manyRefusals);
      const submitted = await submit(orderId);
      const { startTime } = await submitted.handle.describe();
      await none.untilOrder(orderId, 'its refusals', () => tickets.calls('list', orderId).length > 5);
      held.release();
      const ending = await quiescence(orderId);
      expectExactlyOne(tickets, orderId, ending);
      expect(await hasContinuedAsNew(none, orderId)).toBe(true);
      const { createDeadlineMs, clockSkewMs, settleMs } = TIMINGS;
      const fenceMs = startTime.getTime() + createDeadlineMs + clockSkewMs + settleMs;
      expect(tickets.listed(orderId).some(({ asOfMs }) => asOfMs > fenceMs + clockSkewMs)).toBe(true);
      expect(tickets.calls('create', orderId)).toHaveLength(1);
      expect(await watchEnding(orderId)).toMatchObject({ kind: 'completed' });
    },
  },

  'an order that waits while signals lengthen its history': {
    async 'continues as new, also while its check has no response'() {
      const { tickets, submit, ending } = deadline;
      const orderId = deadline.orderId('signals');
      tickets.script('list', orderId, ...Array(4).fill(neverResponds));
      await submit(orderId);
      await deadline.untilOrder(orderId, 'its check', () => tickets.calls('list', orderId).length > 0);
      await signalUntilContinued(deadline, orderId);
      expectExactlyOne(tickets, orderId, await ending(orderId));
    },
  },

  'a late watch that continues as new': {
    async 'because signals lengthen its history, checks when it would have checked anyway'() {
      const { tickets, submit, ending, watchEnding, client } = watching;
      const orderId = watching.orderId('watch-signals');
      const held = holds((call) => void call.act());
      tickets.script('create', orderId, held.behaviour);
      await submit(orderId);
      const ended = await ending(orderId);
      held.release();
      const { runId } = await client.workflow.getHandle(orderId).describe();
      const watchId = lateWatchId(orderId, runId);
      const { runId: firstRunId } = await client.workflow.getHandle(watchId).describe();
      await signalUntilContinued(watching, watchId);
      expect(await watchEnding(orderId)).toMatchObject({ result: { voidedTicketIds: [expect.anything()] } });
      expectExactlyOne(tickets, orderId, ended);
      // The next run waits for the rest of the pause only.
      const restMs = await firstPauseMs(watching, watchId);
      expect(restMs).toBeGreaterThan(0);
      expect(restMs).toBeLessThan(await firstPauseMs(watching, watchId, firstRunId));
    },

    async 'keeps the promised ticket'() {
      const { tickets, submit, ending, watchEnding } = none;
      const orderId = none.orderId('watch');
      const held = holds((call) => void call.act());
      tickets.script('create', orderId, held.behaviour);
      await submit(orderId);
      const ended = await ending(orderId);
      tickets.script('list', orderId, ...manyRefusals);
      held.release();
      const watched = await watchEnding(orderId);
      const { runId } = await none.client.workflow.getHandle(orderId).describe();
      expect(await hasContinuedAsNew(none, lateWatchId(orderId, runId))).toBe(true);
      expect(watched).toMatchObject({ result: { promisedTicketId: resultOf(ended).ticketId } });
      expectExactlyOne(tickets, orderId, ended);
      expect(tickets.tickets(orderId)).toHaveLength(2);
    },
  },
});
