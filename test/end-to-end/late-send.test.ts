import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect } from '@jest/globals';
import type { TicketSystem } from '../../src/clients/ticket-system.ts';
import { testConcurrently } from '../../testbed/concurrent-tests.ts';
import { holds, neverResponds } from './behaviours.ts';
import { deadlineOf } from './in-memory-ticket-system.ts';
import { expectExactlyOne } from './order-assertions.ts';
import { createScriptedEnvironment, type ScriptedEnvironment } from './order-environment.ts';
import { resultOf } from './workflow-endings.ts';

let environment: ScriptedEnvironment;
beforeAll(async () => {
  environment = await createScriptedEnvironment('deadline', {
    createDeadlineMs: 2_000,
    extensions: { wrapTicketSystem: delayedPastTheFirstDeadline },
  });
});
afterAll(() => environment.close());

/** A client that is held up until the deadline of the first create and of the first void of each order has passed. */
function delayedPastTheFirstDeadline(client: TicketSystem): TicketSystem {
  const delayed = new Set<string>();
  const delay = async (what: string, deadlineMs: number) => {
    if (delayed.has(what)) return;
    delayed.add(what);
    while (Date.now() <= deadlineMs) await pause(deadlineMs + 1 - Date.now());
  };
  return {
    ...client,
    async createTicket(create, call) {
      if (create.orderId.startsWith('late-create')) await delay(`create ${create.orderId}`, create.deadlineMs);
      return client.createTicket(create, call);
    },
    async voidTicket(voiding, call) {
      await delay(`void ${voiding.orderId}`, voiding.deadlineMs ?? 0);
      return client.voidTicket(voiding, call);
    },
  };
}

testConcurrently({
  'a worker that is held up after it has checked the time': {
    async 'does not send a create after its deadline, and another create follows without settling'() {
      const { tickets, run, progress } = environment;
      const orderId = environment.orderId('late-create');
      const ending = await run(orderId);
      expectExactlyOne(tickets, orderId, ending);
      const creates = tickets.calls('create', orderId);
      for (const create of creates) expect(create.atMs).toBeLessThan(deadlineOf(create));
      expect(resultOf(ending).createAttempts).toBeGreaterThan(creates.length);
      expect((await progress(orderId)).outcomes[0]).toMatch(/^not sent: .* before it was sent/);
      // No outcome was unknown, so the guarantee was not read again.
      expect(tickets.calls('reservation', orderId)).toHaveLength(1);
    },

    async 'does not send a void after its deadline, and repeats it with a new one'() {
      const { tickets, submit, cancel, quiescence } = environment;
      const orderId = environment.orderId('late-void');
      const held = holds((call) => {
        call.act();
        return neverResponds(call);
      });
      tickets.script('create', orderId, held.behaviour);
      await submit(orderId);
      await held.reached;
      await cancel(orderId);
      held.release();
      expect(await quiescence(orderId)).toEqual({ kind: 'cancelled' });
      const voids = tickets.calls('void', orderId);
      expect(voids.length).toBeGreaterThan(0);
      for (const each of voids) expect(each.atMs).toBeLessThan(deadlineOf(each));
      expect(tickets.liveTickets(orderId)).toEqual([]);
    },
  },
});
