import { afterAll, beforeAll, expect } from '@jest/globals';
import { testConcurrently } from '../../testbed/concurrent-tests.ts';
import { actsThen, holds, neverResponds, refuses, resetsConnection } from './behaviours.ts';
import { deadlineOf } from './in-memory-ticket-system.ts';
import { expectExactlyOne, outcomesOfRequests } from './order-assertions.ts';
import { createScriptedEnvironment, type ScriptedEnvironment, TIMINGS } from './order-environment.ts';
import type { TicketSystemBehaviour } from './scripted-ticket-system.ts';
import { resultOf } from './workflow-endings.ts';

/** Orders are cancelled while their creates are in flight. */
const { createDeadlineMs } = TIMINGS;
/** Long enough for a test to see that an order waits for its final check, also on a machine that stalls. */
const lateWatchMs = [4_000, 500];

let none: ScriptedEnvironment;
let deadline: ScriptedEnvironment;
let keys: ScriptedEnvironment;
let unattended: ScriptedEnvironment;
beforeAll(async () => {
  none = await createScriptedEnvironment('none', { lateWatchMs });
  deadline = await createScriptedEnvironment('deadline', { createDeadlineMs });
  keys = await createScriptedEnvironment('idempotency-key');
  unattended = await createScriptedEnvironment('deadline', { withWorker: false });
});
afterAll(async () => {
  await unattended.close();
  await keys.close();
  await deadline.close();
  await none.close();
});

/** Cancels an order while its create is held by the ticket system. */
async function cancelledInFlight(
  environment: ScriptedEnvironment,
  name: string,
  behaviour: TicketSystemBehaviour = (call) => void call.act(),
) {
  const { tickets, submit, cancel } = environment;
  const orderId = environment.orderId(name);
  const held = holds(behaviour);
  tickets.script('create', orderId, held.behaviour);
  await submit(orderId);
  await held.reached;
  await cancel(orderId);
  return { orderId, held };
}

const keepsOf = (environment: ScriptedEnvironment, orderId: string) =>
  environment.tickets.calls('void', orderId).map(({ body }) => JSON.parse(body).keep);

testConcurrently({
  'a cancellation': {
    async 'before the first create closes the order without a create'() {
      const { tickets, submit, cancel, quiescence } = deadline;
      const orderId = deadline.orderId('before-create');
      const held = holds(tickets.respondCorrectly);
      tickets.script('list', orderId, held.behaviour);
      await submit(orderId);
      await held.reached;
      await cancel(orderId);
      held.release();
      const ending = await quiescence(orderId);
      expect(ending).toEqual({ kind: 'cancelled' });
      expectExactlyOne(tickets, orderId, ending);
      expect(tickets.calls('create', orderId)).toEqual([]);
    },

    async 'before any worker is running closes the order without a create'() {
      const { tickets, submit, cancel, startWorker, quiescence } = unattended;
      const orderId = unattended.orderId('before-worker');
      await submit(orderId);
      await cancel(orderId);
      const worker = await startWorker();
      expect(await quiescence(orderId)).toEqual({ kind: 'cancelled' });
      expect(tickets.calls('create', orderId)).toEqual([]);
      await worker.stop();
    },

    async 'closes the order only once a complete list has shown which tickets exist'() {
      const { tickets, submit, cancel, quiescence, progress } = deadline;
      const orderId = deadline.orderId('finds-out');
      tickets.break('list', orderId, refuses(500, 'INTERNAL_ERROR'));
      await submit(orderId);
      await deadline.untilOrder(orderId, 'its first check', () => tickets.calls('list', orderId).length > 0);
      await cancel(orderId);
      await deadline.untilOrder(orderId, 'further checks', () => tickets.calls('list', orderId).length > 3);
      expect((await progress(orderId)).phase).toBe('validating');
      tickets.restore('list', orderId);
      expect(await quiescence(orderId)).toEqual({ kind: 'cancelled' });
      expect(tickets.calls('create', orderId)).toEqual([]);
    },

    async 'comes too late for an order whose ticket already exists'() {
      const { tickets, submit, cancel, quiescence } = deadline;
      const orderId = deadline.orderId('too-late');
      const { ticketId } = tickets.addTicket(orderId);
      const held = holds(tickets.respondCorrectly);
      tickets.script('list', orderId, held.behaviour);
      await submit(orderId);
      await held.reached;
      await cancel(orderId);
      held.release();
      const ending = await quiescence(orderId);
      expectExactlyOne(tickets, orderId, ending);
      expect(resultOf(ending)).toMatchObject({ ticketId, cancellation: 'came too late', createAttempts: 0 });
      expect(tickets.calls('void', orderId)).toEqual([]);
    },

    async 'voids the ticket of the create in flight, with a void that carries a deadline'() {
      const { tickets, quiescence } = deadline;
      const { orderId, held } = await cancelledInFlight(deadline, 'in-flight');
      held.release();
      const ending = await quiescence(orderId);
      expect(ending).toEqual({ kind: 'cancelled' });
      expectExactlyOne(tickets, orderId, ending);
      expect(tickets.tickets(orderId)).toHaveLength(1);
      expect(keepsOf(deadline, orderId)).toEqual([null]);
      const [voiding] = tickets.calls('void', orderId);
      expect(deadlineOf(voiding) - (voiding?.atMs ?? 0)).toBeLessThanOrEqual(createDeadlineMs);
      // After the void it checks again before it reports that there is no ticket.
      expect(tickets.listed(orderId).at(-1)?.atMs).toBeGreaterThanOrEqual(voiding?.atMs ?? Infinity);
    },

    async 'does not abort a create: the ticket that it made is found and voided'() {
      const { tickets, quiescence } = deadline;
      const { orderId, held } = await cancelledInFlight(deadline, 'answered', deadline.tickets.respondCorrectly);
      held.release();
      expect(await quiescence(orderId)).toEqual({ kind: 'cancelled' });
      expect(tickets.liveTickets(orderId)).toEqual([]);
      // Only past the fence does it know everything that the create did.
      const fenceMs = deadlineOf(tickets.calls('create', orderId).at(-1));
      expect(tickets.calls('void', orderId)[0]?.atMs).toBeGreaterThan(fenceMs + TIMINGS.clockSkewMs);
      expect(outcomesOfRequests(await deadline.progress(orderId))).toEqual([expect.stringMatching(/^committed: /)]);
    },

    async 'repeats a void whose deadline has passed, with a new deadline'() {
      const { tickets, quiescence } = deadline;
      const orderId = deadline.orderId('void-late');
      tickets.script('void', orderId, refuses(408, 'DEADLINE_PASSED'), actsThen(resetsConnection));
      const held = holds(deadline.tickets.respondCorrectly);
      tickets.script('create', orderId, held.behaviour);
      await deadline.submit(orderId);
      await held.reached;
      await deadline.cancel(orderId);
      held.release();
      expect(await quiescence(orderId)).toEqual({ kind: 'cancelled' });
      expect(tickets.liveTickets(orderId)).toEqual([]);
      const deadlines = tickets.calls('void', orderId).map((call) => deadlineOf(call));
      expect(deadlines).toHaveLength(3);
      expect(new Set(deadlines).size).toBe(3);
    },

    async 'closes an order whose create made no ticket only past the fence'() {
      const { tickets, quiescence } = deadline;
      const { orderId } = await cancelledInFlight(deadline, 'nothing-made');
      expect(await quiescence(orderId)).toEqual({ kind: 'cancelled' });
      const [create] = tickets.calls('create', orderId);
      const fenceMs = deadlineOf(create);
      expect(tickets.listed(orderId).at(-1)?.asOfMs).toBeGreaterThan(fenceMs + TIMINGS.clockSkewMs);
      expect(tickets.calls('create', orderId)).toHaveLength(1);
    },

    async 'of an order with idempotency keys also closes it past the fence, without another create'() {
      const { tickets, quiescence } = keys;
      const { orderId } = await cancelledInFlight(keys, 'keys', resetsConnection);
      expect(await quiescence(orderId)).toEqual({ kind: 'cancelled' });
      const [create] = tickets.calls('create', orderId);
      const fenceMs = deadlineOf(create);
      expect(tickets.listed(orderId).at(-1)?.asOfMs).toBeGreaterThan(fenceMs + TIMINGS.clockSkewMs);
      expect(tickets.calls('create', orderId)).toHaveLength(1);
    },

    async 'of an order without a guarantee is open, visibly, until the final check, which voids a late ticket'() {
      const { tickets, quiescence } = none;
      const { orderId, held } = await cancelledInFlight(none, 'late-ticket');
      await none.untilPhase(orderId, 'final check');
      held.release();
      const ending = await quiescence(orderId);
      expect(ending).toEqual({ kind: 'cancelled' });
      expectExactlyOne(tickets, orderId, ending);
      expect(tickets.tickets(orderId)).toHaveLength(1);
      expect(keepsOf(none, orderId)).toEqual([null]);
    },

    async 'of an order without a guarantee makes its final check as late as the late watch would'() {
      const { tickets, quiescence } = none;
      const { orderId } = await cancelledInFlight(none, 'all-checks');
      expect(await quiescence(orderId)).toEqual({ kind: 'cancelled' });
      const [create] = tickets.calls('create', orderId);
      const fenceMs = deadlineOf(create) + TIMINGS.settleMs;
      const watchMs = lateWatchMs.reduce((sum, ms) => sum + ms, 0);
      expect(tickets.listed(orderId).at(-1)?.asOfMs).toBeGreaterThan(fenceMs + TIMINGS.clockSkewMs + watchMs);
    },

    async 'of an order that was submitted again does not void the ticket of its earlier run'() {
      const { tickets, submit, terminate, cancel, quiescence } = deadline;
      const orderId = deadline.orderId('resumed');
      const held = holds(neverResponds);
      tickets.script('create', orderId, actsThen(held.behaviour));
      await submit(orderId);
      await held.reached;
      await terminate(orderId);
      await submit(orderId);
      await cancel(orderId);
      held.release();
      const ending = await quiescence(orderId);
      expectExactlyOne(tickets, orderId, ending);
      expect(resultOf(ending).cancellation).toBe('came too late');
    },

    async 'of a completed order changes nothing'() {
      const { tickets, run, cancel, quiescence } = deadline;
      const orderId = deadline.orderId('completed');
      const ending = await run(orderId);
      await cancel(orderId).catch(() => undefined);
      expect(await quiescence(orderId)).toEqual(ending);
      expectExactlyOne(tickets, orderId, ending);
    },

    async 'of a rejected order leaves it without a ticket'() {
      const { tickets, quiescence } = deadline;
      const { orderId, held } = await cancelledInFlight(deadline, 'rejected', refuses(422, 'PAYMENT_DECLINED'));
      held.release();
      const ending = await quiescence(orderId);
      expect(ending.kind).not.toBe('completed');
      expectExactlyOne(tickets, orderId, ending);
    },
  },
});
