import { afterAll, beforeAll, expect } from '@jest/globals';
import { WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import { resolve } from 'exactly-one/client';
import { testConcurrently } from '../../testbed/concurrent-tests.ts';
import { holds, losesResponse, neverResponds, refuses } from './behaviours.ts';
import { expectExactlyOne } from './order-assertions.ts';
import { createScriptedEnvironment, type HistoryEvent, type ScriptedEnvironment } from './order-environment.ts';

let environment: ScriptedEnvironment;
let brief: ScriptedEnvironment;
beforeAll(async () => {
  environment = await createScriptedEnvironment('deadline');
  // A create whose outcome is unknown stops the order for this long: long enough to see that, on a machine that stalls.
  brief = await createScriptedEnvironment('deadline', { createDeadlineMs: 4_000 });
});
afterAll(async () => {
  await brief.close();
  await environment.close();
});

const SAID = { reason: 'seen in the back office', by: 'Ada' };
const NONE = { none: true, ...SAID } as const;
const FAILED = {
  kind: 'failed',
  type: 'ResolvedWithoutTicket',
  message: expect.stringContaining('as Ada says: seen in the back office'),
  details: SAID,
};

const hangsInItsCheck = async (world: ScriptedEnvironment, orderId: string, behaviour = refuses(500, 'BROKEN')) => {
  const calls = world.tickets.calls('list', orderId).length;
  world.tickets.break('list', orderId, behaviour);
  await world.submit(orderId);
  await world.untilOrder(orderId, 'its check', () => world.tickets.calls('list', orderId).length > calls);
};

/** An order whose ticket system has made its ticket, and says so no more. */
const losesItsTicket = async (world: ScriptedEnvironment, orderId: string) => {
  const { tickets, submit, untilOrder } = world;
  tickets.script('create', orderId, (call) => {
    tickets.break('list', orderId, refuses(500, 'INTERNAL_ERROR'));
    return losesResponse(call);
  });
  await submit(orderId);
  await untilOrder(orderId, 'its create', () => tickets.calls('create', orderId).length > 0);
};

const untilResolved = (world: ScriptedEnvironment, orderId: string, resolution: Parameters<typeof resolve>[2]) =>
  world.untilOrder(
    orderId,
    'its resolution',
    async () => (await resolve(world.client, orderId, resolution)) === undefined,
  );

const hasUpdate = (history: readonly HistoryEvent[]) =>
  history.some((event) => event.workflowExecutionUpdateAcceptedEventAttributes);

testConcurrently({
  'an order that a person resolves': {
    async 'without a ticket fails with reason and name, while its check hangs; submitted again, it gets its ticket'() {
      const { client, quiescence, history, tickets } = environment;
      const orderId = environment.orderId('none');
      await hangsInItsCheck(environment, orderId, neverResponds);
      expect(await resolve(client, orderId, NONE)).toBeUndefined();
      expect(await quiescence(orderId)).toEqual(FAILED);
      expect(JSON.stringify(await history(orderId))).toContain('ResolvedWithoutTicket');
      expect(tickets.calls('create', orderId)).toHaveLength(0);

      tickets.restore('list', orderId);
      const { submissionResult } = await environment.submit(orderId);
      expect(submissionResult).toBe('resumed');
      expectExactlyOne(environment.tickets, orderId, await quiescence(orderId));
    },

    async 'is refused until its fence has passed; then it completes with the ticket, and a late watch checks it'() {
      const { client, history, tickets, quiescence, watchEnding } = brief;
      const orderId = brief.orderId('ticket');
      await losesItsTicket(brief, orderId);
      const [ticketId = ''] = tickets.liveTickets(orderId);
      const resolution = { itemId: ticketId, ...SAID };
      expect(await resolve(client, orderId, resolution)).toMatch(
        /a create (is running|that was sent may still commit)/,
      );
      expect(hasUpdate(await history(orderId))).toBe(false);
      await untilResolved(brief, orderId, resolution);
      tickets.restore('list', orderId);
      expect(await quiescence(orderId)).toMatchObject({
        kind: 'completed',
        result: { ticketId: resolution.itemId, createAttempts: 1, resolution: SAID },
      });
      expect(await watchEnding(orderId)).toMatchObject({ kind: 'completed', result: { voidedTicketIds: [] } });
      expect(tickets.calls('create', orderId)).toHaveLength(1);
    },

    async 'with a ticket that does not exist completes, and its late watch fails visibly'() {
      const { client, tickets, ending, watchEnding } = environment;
      const orderId = environment.orderId('no-such-ticket');
      await hangsInItsCheck(environment, orderId);
      expect(await resolve(client, orderId, { itemId: 'T-unknown', ...SAID })).toBeUndefined();
      tickets.restore('list', orderId);
      expect(await ending(orderId)).toMatchObject({ kind: 'completed', result: { ticketId: 'T-unknown' } });
      expect(await watchEnding(orderId)).toMatchObject({ kind: 'failed', type: 'PromisedTicketGone' });
    },

    async 'is refused while a create is running'() {
      const { client, tickets, submit, quiescence, history } = environment;
      const orderId = environment.orderId('creating');
      const held = holds(tickets.respondCorrectly);
      tickets.script('create', orderId, held.behaviour);
      await submit(orderId);
      await held.reached;
      expect(await resolve(client, orderId, NONE)).toContain('a create is running');
      held.release();
      expectExactlyOne(environment.tickets, orderId, await quiescence(orderId));
      expect(hasUpdate(await history(orderId))).toBe(false);
    },

    async 'is refused while it is preparing'() {
      const { client, tickets, submit, giveUp } = environment;
      const orderId = environment.orderId('preparing');
      tickets.break('reservation', orderId, refuses(500, 'INTERNAL_ERROR'));
      await submit(orderId);
      await environment.untilOrder(orderId, 'its request', () => tickets.calls('reservation', orderId).length > 0);
      expect(await resolve(client, orderId, NONE)).toContain('it is still preparing');
      await giveUp(orderId, 'enough seen');
    },

    async 'ignores what is no resolution, and leaves no trace of it in its history'() {
      const { client, history, tickets, quiescence } = environment;
      const orderId = environment.orderId('poison');
      await hangsInItsCheck(environment, orderId);
      const handle = client.workflow.getHandle(orderId);
      const wrong: readonly [unknown, ...unknown[]][] = [
        [null],
        ['T-1'],
        [{}],
        [SAID],
        [{ itemId: 'T-1', none: true, ...SAID }],
        [{ itemId: '', ...SAID }],
        [{ none: false, ...SAID }],
        [{ none: true, reason: ' ', by: 'Ada' }],
        [{ none: true, reason: 'x'.repeat(5_000), by: 'Ada' }],
        [NONE, NONE],
      ];
      for (const args of wrong) {
        await expect(handle.executeUpdate<void, [unknown, ...unknown[]]>('resolve', { args })).rejects.toThrow(
          WorkflowUpdateFailedError,
        );
      }
      await expect(handle.executeUpdate('resolve')).rejects.toThrow(WorkflowUpdateFailedError);
      await expect(handle.executeUpdate('unheard of', { args: [NONE] })).rejects.toThrow(WorkflowUpdateFailedError);
      expect(hasUpdate(await history(orderId))).toBe(false);
      tickets.restore('list', orderId);
      expectExactlyOne(environment.tickets, orderId, await quiescence(orderId));
      await expect(resolve(client, orderId, NONE)).rejects.toThrow(WorkflowNotFoundError);
    },
  },
});
