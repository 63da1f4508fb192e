import { afterAll, beforeAll, expect } from '@jest/globals';
import { testConcurrently } from '../../testbed/concurrent-tests.ts';
import { holds, neverResponds, refuses } from './behaviours.ts';
import { expectExactlyOne } from './order-assertions.ts';
import { createScriptedEnvironment, type ScriptedEnvironment, TIMINGS } from './order-environment.ts';
import { resultOf } from './workflow-endings.ts';

/** An order is terminated and submitted again while its create is in flight. */
const { createDeadlineMs } = TIMINGS;

let none: ScriptedEnvironment;
let deadline: ScriptedEnvironment;
beforeAll(async () => {
  none = await createScriptedEnvironment('none', { createDeadlineMs });
  deadline = await createScriptedEnvironment('deadline', { createDeadlineMs });
});
afterAll(async () => {
  await deadline.close();
  await none.close();
});

/** The fence of a resumed run, which counts from the start of that run. */
async function fenceOfLatestRun(environment: ScriptedEnvironment, orderId: string, settleMs: number): Promise<number> {
  const { startTime } = await environment.client.workflow.getHandle(orderId).describe();
  return startTime.getTime() + createDeadlineMs + TIMINGS.clockSkewMs + settleMs;
}

/** Terminates an order while its create is held by the ticket system. */
async function terminatedInFlight(environment: ScriptedEnvironment, name: string) {
  const { tickets, submit, terminate } = environment;
  const orderId = environment.orderId(name);
  const held = holds((call) => void call.act());
  tickets.script('create', orderId, held.behaviour);
  await submit(orderId);
  await held.reached;
  await terminate(orderId);
  return { orderId, held };
}

/** Asserts that the resumed run had a list from past its fence before it completed or sent a create. */
async function expectCheckedPastTheFence(environment: ScriptedEnvironment, orderId: string, settleMs: number) {
  const fenceMs = await fenceOfLatestRun(environment, orderId, settleMs);
  const lastCheck = environment.tickets.listed(orderId).at(-1);
  expect(lastCheck?.asOfMs).toBeGreaterThan(fenceMs + TIMINGS.clockSkewMs);
  for (const { atMs } of environment.tickets.calls('create', orderId).slice(1)) {
    const proofs = environment.tickets.listed(orderId).filter((shown) => shown.atMs <= atMs && shown.asOfMs > fenceMs);
    expect(proofs.length).toBeGreaterThan(0);
  }
}

testConcurrently({
  'an order submitted again': {
    async 'while it runs gets the same ticket'() {
      const { tickets, submit, quiescence } = deadline;
      const orderId = deadline.orderId('running');
      const held = holds(tickets.respondCorrectly);
      tickets.script('create', orderId, held.behaviour);
      const first = await submit(orderId);
      await held.reached;
      const second = await submit(orderId);
      held.release();
      expect([first.submissionResult, second.submissionResult]).toEqual(['started', 'was running']);
      expect(await second.handle.result()).toEqual(await first.handle.result());
      expectExactlyOne(tickets, orderId, await quiescence(orderId));
      expect(tickets.calls('create', orderId)).toHaveLength(1);
    },

    async 'after it was completed gets the same ticket, without a request to the ticket system'() {
      const { tickets, submit, run } = deadline;
      const orderId = deadline.orderId('completed');
      const result = resultOf(await run(orderId));
      const calls = tickets.received.filter((call) => call.orderId === orderId).length;
      const again = await submit(orderId);
      expect(again.submissionResult).toBe('was completed');
      expect(await again.handle.result()).toEqual(result);
      expect(tickets.received.filter((call) => call.orderId === orderId)).toHaveLength(calls);
    },

    async 'by ten starters at once is one order'() {
      const { tickets, submit, quiescence } = deadline;
      const orderId = deadline.orderId('ten-starters');
      const submissions = await Promise.all(Array.from({ length: 10 }, () => submit(orderId)));
      const results = await Promise.all(submissions.map(({ handle }) => handle.result()));
      expect(submissions.filter(({ submissionResult }) => submissionResult === 'started')).toHaveLength(1);
      expect(submissions.filter(({ submissionResult }) => submissionResult === 'resumed')).toEqual([]);
      expect(new Set(results.map(({ ticketId }) => ticketId)).size).toBe(1);
      expectExactlyOne(tickets, orderId, await quiescence(orderId));
      expect(tickets.calls('create', orderId)).toHaveLength(1);
    },

    async 'by ten starters at once after it was terminated is one run'() {
      const { tickets, submit, quiescence } = deadline;
      const { orderId, held } = await terminatedInFlight(deadline, 'ten-resumers');
      const submissions = await Promise.all(Array.from({ length: 10 }, () => submit(orderId)));
      expect(submissions.filter(({ submissionResult }) => submissionResult === 'resumed')).toHaveLength(1);
      held.release();
      expectExactlyOne(tickets, orderId, await quiescence(orderId));
    },

    async 'after it was rejected is tried again'() {
      const { tickets, submit, run, quiescence } = deadline;
      const orderId = deadline.orderId('rejected');
      tickets.script('create', orderId, refuses(422, 'PAYMENT_DECLINED'));
      expect(await run(orderId)).toMatchObject({ kind: 'failed', type: 'OrderRejected' });
      expect((await submit(orderId)).submissionResult).toBe('resumed');
      expectExactlyOne(tickets, orderId, await quiescence(orderId));
      expect(tickets.calls('create', orderId)).toHaveLength(2);
    },

    async 'after it was given up is resumed'() {
      const { tickets, submit, giveUp, ending, quiescence } = deadline;
      const orderId = deadline.orderId('given-up');
      tickets.script('list', orderId, neverResponds);
      await submit(orderId);
      await giveUp(orderId, 'no response for days');
      expect(await ending(orderId)).toMatchObject({ type: 'GivenUp' });
      expect((await submit(orderId)).submissionResult).toBe('resumed');
      expectExactlyOne(tickets, orderId, await quiescence(orderId));
    },

    async 'after it was cancelled gets a ticket'() {
      const { tickets, submit, cancel, ending, quiescence } = deadline;
      const orderId = deadline.orderId('cancelled');
      const held = holds(tickets.respondCorrectly);
      tickets.script('reservation', orderId, held.behaviour);
      await submit(orderId);
      await held.reached;
      await cancel(orderId);
      held.release();
      expect(await ending(orderId)).toEqual({ kind: 'cancelled' });
      expect((await submit(orderId)).submissionResult).toBe('resumed');
      expectExactlyOne(tickets, orderId, await quiescence(orderId));
      await expectCheckedPastTheFence(deadline, orderId, 0);
    },
  },

  'an order terminated while its create is in flight, and submitted again,': {
    async 'ends with the ticket of that create if it is made within its deadline'() {
      const { tickets, submit, quiescence } = deadline;
      const { orderId, held } = await terminatedInFlight(deadline, 'made-in-time');
      expect((await submit(orderId)).submissionResult).toBe('resumed');
      held.release();
      const ending = await quiescence(orderId);
      expectExactlyOne(tickets, orderId, ending);
      expect(resultOf(ending).createAttempts).toBe(0);
      await expectCheckedPastTheFence(deadline, orderId, 0);
    },

    async 'sends another create past the fence if none is made'() {
      const { tickets, submit, quiescence } = deadline;
      const { orderId } = await terminatedInFlight(deadline, 'never-made');
      await submit(orderId);
      const ending = await quiescence(orderId);
      expectExactlyOne(tickets, orderId, ending);
      expect(tickets.calls('create', orderId)).toHaveLength(2);
      await expectCheckedPastTheFence(deadline, orderId, 0);
      const [first, second] = tickets.calls('create', orderId).map(({ headers }) => headers['request-id']);
      expect(first).not.toBe(second);
    },

    async 'ends with that ticket if it is made while the order settles without a guarantee'() {
      const { tickets, submit, quiescence, watchEnding } = none;
      const { orderId, held } = await terminatedInFlight(none, 'settles');
      const checks = tickets.calls('list', orderId).length;
      await submit(orderId);
      await none.untilOrder(orderId, 'a check', () => tickets.calls('list', orderId).length > checks);
      held.release();
      const ending = await quiescence(orderId);
      expectExactlyOne(tickets, orderId, ending);
      expect(tickets.calls('create', orderId)).toHaveLength(1);
      await expectCheckedPastTheFence(none, orderId, TIMINGS.settleMs);
      expect(await watchEnding(orderId)).toMatchObject({ kind: 'completed', result: { voidedTicketIds: [] } });
    },

    async 'has a late ticket voided by its late watch if there is no guarantee'() {
      const { tickets, submit, ending, watchEnding } = none;
      const { orderId, held } = await terminatedInFlight(none, 'late');
      await submit(orderId);
      const ended = await ending(orderId);
      held.release();
      expect(await watchEnding(orderId)).toMatchObject({ result: { voidedTicketIds: [expect.anything()] } });
      expectExactlyOne(tickets, orderId, ended);
      expect(tickets.tickets(orderId)).toHaveLength(2);
    },

    async 'voids the second of two tickets that it finds'() {
      const { tickets, submit, terminate, quiescence } = none;
      const orderId = none.orderId('two-found');
      tickets.script('create', orderId, (call) => void call.act());
      tickets.script('list', orderId, tickets.respondCorrectly);
      await submit(orderId);
      await none.untilOrder(orderId, 'its create', () => tickets.calls('create', orderId).length > 0);
      await terminate(orderId);
      tickets.addTicket(orderId, { createdAt: new Date(Date.now() + 1).toISOString() });
      await submit(orderId);
      const ending = await quiescence(orderId);
      expectExactlyOne(tickets, orderId, ending);
      expect(resultOf(ending).voidedTicketIds).toHaveLength(1);
      expect(tickets.calls('create', orderId)).toHaveLength(1);
    },
  },
});
