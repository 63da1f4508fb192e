import { afterAll, beforeAll, expect } from '@jest/globals';
import { lateWatchId } from 'exactly-one';
import { messages } from '../../src/contracts/workflow-names.ts';
import { testConcurrently } from '../../testbed/concurrent-tests.ts';
import { POISON_PAYLOADS } from '../../testbed/poison-payloads.ts';
import { createRawRequests } from '../../testbed/raw-requests.ts';
import { actsThen, holds, resetsConnection } from './behaviours.ts';
import { expectExactlyOne } from './order-assertions.ts';
import { createScriptedEnvironment, type ScriptedEnvironment, started, TIMINGS } from './order-environment.ts';
import { resultOf } from './workflow-endings.ts';

let environment: ScriptedEnvironment;
let deadline: ScriptedEnvironment;
beforeAll(async () => {
  environment = await createScriptedEnvironment('none');
  deadline = await createScriptedEnvironment('deadline');
});
afterAll(async () => {
  await deadline.close();
  await environment.close();
});

/** An order that has its ticket from a second create while its first create is still in flight. */
async function orderWithCreateInFlight(name: string) {
  const { tickets, submit, ending } = environment;
  const orderId = environment.orderId(name);
  // It is made late but carries an early time: the promised ticket is kept all the same.
  const late = holds(() => void tickets.addTicket(orderId, { createdAt: '2026-01-01T00:00:00.000Z' }));
  tickets.script('create', orderId, late.behaviour);
  await submit(orderId);
  const ended = await ending(orderId);
  const { runId } = await environment.client.workflow.getHandle(orderId).describe();
  return { orderId, ended, promised: resultOf(ended).ticketId, late, watchId: lateWatchId(orderId, runId) };
}

testConcurrently({
  'the late watch': {
    async 'voids a ticket that is made after the order has completed, and keeps the promised one'() {
      const { tickets, watchEnding } = environment;
      const { orderId, ended, promised, late } = await orderWithCreateInFlight('late');
      late.release();
      const watched = await watchEnding(orderId);
      const [lateTicket] = tickets.tickets(orderId).filter(({ ticketId }) => ticketId !== promised);
      expect(watched).toEqual({
        kind: 'completed',
        result: { promisedTicketId: promised, voidedTicketIds: [lateTicket?.ticketId] },
      });
      expectExactlyOne(tickets, orderId, ended);
      expect(tickets.calls('void', orderId).map(({ body }) => JSON.parse(body))).toEqual([{ keep: promised }]);
    },

    async 'voids it although it receives signals that cannot be decoded or have the wrong form'() {
      const { tickets, watchEnding, client } = environment;
      const { orderId, ended, promised, watchId, late } = await orderWithCreateInFlight('poisoned');
      for (const poison of Object.values(POISON_PAYLOADS)) {
        await createRawRequests(client).signal(watchId, messages.giveUp, poison);
      }
      late.release();
      expect(await watchEnding(orderId)).toMatchObject({
        kind: 'completed',
        result: { promisedTicketId: promised, voidedTicketIds: [expect.anything()] },
      });
      expect(tickets.tickets(orderId)).toHaveLength(2);
      expectExactlyOne(tickets, orderId, ended);
    },

    async 'is started before the order completes'() {
      const { orderId, watchId, late } = await orderWithCreateInFlight('before-completion');
      const events = await environment.history(orderId);
      const startedAt = events.findIndex((event) => event.childWorkflowExecutionStartedEventAttributes);
      const completedAt = events.findIndex((event) => event.workflowExecutionCompletedEventAttributes);
      expect(started(events)).toEqual([watchId]);
      expect(startedAt).toBeGreaterThan(0);
      expect(startedAt).toBeLessThan(completedAt);
      late.release();
      await environment.watchEnding(orderId);
    },

    async 'is not ended by a cancellation'() {
      const { tickets, cancel, watchEnding } = environment;
      const { orderId, ended, watchId, late } = await orderWithCreateInFlight('watch-cancelled');
      await cancel(watchId);
      late.release();
      expect(await watchEnding(orderId)).toMatchObject({
        kind: 'completed',
        result: { voidedTicketIds: [expect.anything()] },
      });
      expectExactlyOne(tickets, orderId, ended);
    },

    async 'can be given up'() {
      const { giveUp, watchEnding } = environment;
      const { orderId, watchId, late } = await orderWithCreateInFlight('watch-given-up');
      await giveUp(watchId, 'the service is gone');
      expect(await watchEnding(orderId)).toMatchObject({
        kind: 'failed',
        type: 'GivenUp',
        details: { unresolved: true },
      });
      late.release();
    },

    async 'fails without voiding anything when the promised ticket has been voided'() {
      const { tickets, watchEnding } = environment;
      const { orderId, promised, late } = await orderWithCreateInFlight('promised-gone');
      late.release();
      tickets.voidDirectly(orderId, promised);
      expect(await watchEnding(orderId)).toMatchObject({ kind: 'failed', type: 'PromisedTicketGone' });
      expect(tickets.calls('void', orderId)).toEqual([]);
    },

    async 'checks as often as LATE_WATCH_MS says, and only after the last fence'() {
      const { tickets, watchEnding } = environment;
      const { orderId, late } = await orderWithCreateInFlight('schedule');
      const endedAt = tickets.calls('list', orderId).length;
      await watchEnding(orderId);
      const checks = tickets.calls('list', orderId).slice(endedAt);
      expect(checks).toHaveLength(TIMINGS.lateWatchMs.length);
      const lastDeadlineMs = Math.max(
        ...tickets.calls('create', orderId).map(({ headers }) => Number(headers['request-deadline'])),
      );
      expect(checks[0]?.atMs).toBeGreaterThan(lastDeadlineMs + TIMINGS.settleMs + TIMINGS.lateWatchMs[0]);
      late.release();
    },

    async 'is not started for a calm order'() {
      const orderId = environment.orderId('calm');
      expectExactlyOne(environment.tickets, orderId, await environment.run(orderId));
      expect(await environment.watchEnding(orderId)).toBeUndefined();
    },

    async 'is not started when the ticket of every create is known'() {
      const orderId = environment.orderId('accounted');
      environment.tickets.script('create', orderId, actsThen(resetsConnection));
      expectExactlyOne(environment.tickets, orderId, await environment.run(orderId));
      expect(await environment.watchEnding(orderId)).toBeUndefined();
    },

    async 'is not started with the guarantee deadline'() {
      const orderId = deadline.orderId('deadline');
      deadline.tickets.script('create', orderId, resetsConnection);
      expectExactlyOne(deadline.tickets, orderId, await deadline.run(orderId));
      expect(await deadline.watchEnding(orderId)).toBeUndefined();
    },
  },
});
