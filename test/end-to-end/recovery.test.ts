import { expect } from '@jest/globals';
import { temporal } from '@temporalio/proto';
import { HEARTBEAT_TIMEOUT_MS } from 'exactly-one/contract';
import type { Child } from '../../src/platform/processes/start-child.ts';
import { testConcurrently } from '../../testbed/concurrent-tests.ts';
import { afterDelay, type Hold, holds } from './behaviours.ts';
import { deadlineOf } from './in-memory-ticket-system.ts';
import { expectExactlyOne } from './order-assertions.ts';
import { createScriptedEnvironment, type HistoryEvent, type ScriptedEnvironment } from './order-environment.ts';
import type { TicketSystemCall } from './scripted-ticket-system.ts';
import { startWorkerProcess } from './worker-process.ts';
import { resultOf } from './workflow-endings.ts';

const { TIMEOUT_TYPE_HEARTBEAT } = temporal.api.enums.v1.TimeoutType;

/** Much longer than Temporal takes to notice that a worker died, even on a busy machine. */
const createDeadlineMs = 25_000;

/** A ticket system of its own, and a worker in a process of its own. */
function withProcess(run: (environment: ScriptedEnvironment, worker: Child) => Promise<void>) {
  return async () => {
    const environment = await createScriptedEnvironment('deadline', { withWorker: false, createDeadlineMs });
    const { child } = await startWorkerProcess({
      temporalAddress: environment.address,
      taskQueue: environment.taskQueue,
      ticketSystemUrl: environment.tickets.url,
      createDeadlineMs,
    });
    try {
      await run(environment, child);
    } finally {
      await child.kill();
      await environment.close();
    }
  };
}

/** By which kinds of time-out Temporal noticed that an activity of this history was not going to end. */
function timeOutsIn(events: readonly HistoryEvent[]) {
  return events.flatMap(({ activityTaskStartedEventAttributes: started, activityTaskTimedOutEventAttributes: ended }) =>
    [started?.lastFailure, ended?.failure].flatMap((failure) => failure?.timeoutFailureInfo?.timeoutType ?? []),
  );
}

/** The pause before Temporal repeats a call of a dead worker. */
function repeatsAfterMs(events: readonly HistoryEvent[]): number | undefined {
  const policy = events.find((event) => event.activityTaskScheduledEventAttributes)
    ?.activityTaskScheduledEventAttributes?.retryPolicy;
  return Number(policy?.initialInterval?.seconds ?? 0) * 1_000 + (policy?.initialInterval?.nanos ?? 0) / 1_000_000;
}

testConcurrently({
  'a killed worker': {
    'is noticed by its missing heartbeats, and each order goes on after a pause of its own': withProcess(
      async ({ tickets, submit, quiescence, orderId, history, startWorker }, worker) => {
        const held = new Map<string, Hold<TicketSystemCall>>();
        for (const endpoint of ['reservation', 'list', 'create', 'void'] as const) {
          const id = orderId(endpoint);
          const hold = holds(endpoint === 'create' ? (call) => void call.act() : tickets.respondCorrectly);
          held.set(id, hold);
          tickets.script(endpoint, id, hold.behaviour);
          if (endpoint !== 'void') continue;
          tickets.addTicket(id, { createdAt: '2026-01-01T00:00:00.000Z' });
          tickets.addTicket(id);
        }
        await Promise.all([...held.keys()].map(submit));
        await Promise.all([...held.values()].map(({ reached }) => reached));
        await worker.kill();
        for (const { release } of held.values()) release();
        await startWorker();
        const pauses = new Set<number | undefined>();
        for (const id of held.keys()) {
          expectExactlyOne(tickets, id, await quiescence(id));
          const events = await history(id);
          expect({ id, timeOuts: timeOutsIn(events) }).toEqual({ id, timeOuts: [TIMEOUT_TYPE_HEARTBEAT] });
          pauses.add(repeatsAfterMs(events));
        }
        // Each is drawn from nine hundred: two of the four are the same once in 150 runs, and more of them never.
        expect(pauses.size).toBeGreaterThanOrEqual(3);
      },
    ),
  },

  'a worker that is frozen during a create': {
    'is taken for dead before the deadline, and what it reports later changes nothing': withProcess(
      async ({ tickets, submit, quiescence, orderId, history, startWorker, untilOrder }, worker) => {
        const id = orderId('frozen');
        const held = holds(tickets.respondCorrectly);
        tickets.script('create', id, held.behaviour);
        await submit(id);
        const create = await held.reached;
        process.kill(worker.pid, 'SIGSTOP');
        await startWorker();
        await untilOrder(id, 'the end of its create', async () => timeOutsIn(await history(id)).length > 0);
        expect(Date.now()).toBeLessThan(deadlineOf(create));
        process.kill(worker.pid, 'SIGCONT');
        held.release();
        const ending = await quiescence(id);
        expectExactlyOne(tickets, id, ending);
        expect(resultOf(ending)).toMatchObject({ createAttempts: 1, voidedTicketIds: [] });
        expect(tickets.calls('create', id)).toHaveLength(1);
        expect(timeOutsIn(await history(id))).toEqual([TIMEOUT_TYPE_HEARTBEAT]);
      },
    ),
  },

  'a create': {
    'that takes much longer than a heartbeat is waited for, because its worker lives': withProcess(
      async ({ tickets, submit, quiescence, orderId, history }) => {
        const id = orderId('slow');
        tickets.script('create', id, afterDelay(2.5 * HEARTBEAT_TIMEOUT_MS, tickets.respondCorrectly));
        await submit(id);
        const ending = await quiescence(id);
        expectExactlyOne(tickets, id, ending);
        expect(resultOf(ending).createAttempts).toBe(1);
        expect(timeOutsIn(await history(id))).toEqual([]);
      },
    ),
  },
});
