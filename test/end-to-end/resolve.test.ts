import { afterAll, beforeAll, expect } from '@jest/globals';
import { WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import { resolve } from 'exactly-one/client';
import { testConcurrently } from '../../testbed/concurrent-tests.ts';
import { holds, neverResponds, refuses, resetsConnection } from './behaviours.ts';
import { deadlineOf } from './in-memory-ticket-system.ts';
import { expectExactlyOne } from './order-assertions.ts';
import {
  createScriptedEnvironment,
  type HistoryEvent,
  type ScriptedEnvironment,
  TIMINGS,
} from './order-environment.ts';

let environment: ScriptedEnvironment;
let brief: ScriptedEnvironment;
beforeAll(async () => {
  // No fence passes while a test runs.
  environment = await createScriptedEnvironment('deadline', { createDeadlineMs: 30_000 });
  // Here one passes soon.
  brief = await createScriptedEnvironment('deadline', { createDeadlineMs: 1_500 });
});
afterAll(async () => {
  await brief.close();
  await environment.close();
});

const SAID = { reason: 'seen in the back office', by: 'Ada' };
const NONE = { none: true, ...SAID } as const;
const RECORDED = { ...SAID, atMs: expect.any(Number) };
const FAILED = {
  kind: 'failed',
  type: 'ResolvedWithoutTicket',
  message: expect.stringContaining('as Ada says: seen in the back office'),
  details: RECORDED,
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
    // Without a deadline, which a busy machine may miss.
    tickets.addTicket(orderId);
    return resetsConnection(call);
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
    async 'without a ticket fails with reason, name and time, while its check hangs; submitted again, it gets its ticket'() {
      const { client, quiescence, history, tickets } = brief;
      const orderId = brief.orderId('none');
      await hangsInItsCheck(brief, orderId, neverResponds);
      expect(await resolve(client, orderId, NONE)).toBeUndefined();
      expect(await quiescence(orderId)).toEqual(FAILED);
      expect(JSON.stringify(await history(orderId))).toContain('ResolvedWithoutTicket');
      expect(tickets.calls('create', orderId)).toHaveLength(0);

      tickets.restore('list', orderId);
      const { submissionResult } = await brief.submit(orderId);
      expect(submissionResult).toBe('resumed');
      expectExactlyOne(tickets, orderId, await quiescence(orderId));
      expect(tickets.liveTickets(orderId)).toHaveLength(1);
    },

    async 'without a ticket by mistake has no late watch; submitted again, it finds its ticket and creates no other'() {
      const { tickets, submit, ending, quiescence, watchEnding } = brief;
      const orderId = brief.orderId('mistaken');
      await losesItsTicket(brief, orderId);
      await untilResolved(brief, orderId, NONE);
      expect(await ending(orderId)).toEqual(FAILED);
      expect(await watchEnding(orderId)).toBeUndefined();
      const live = tickets.liveTickets(orderId);
      expect(live).toHaveLength(1);

      tickets.restore('list', orderId);
      expect((await submit(orderId)).submissionResult).toBe('resumed');
      expect(await quiescence(orderId)).toMatchObject({ result: { ticketId: live[0], createAttempts: 0 } });
      expect(tickets.liveTickets(orderId)).toEqual(live);
    },

    async 'is refused before its fence has passed, with the time from which it can be resolved'() {
      const { client, tickets, progress, history, giveUp } = environment;
      const orderId = environment.orderId('early');
      await losesItsTicket(environment, orderId);
      // The check before the create was the first.
      await environment.untilOrder(orderId, 'its check', () => tickets.calls('list', orderId).length > 1);
      const { fenceMs = 0 } = await progress(orderId);
      expect(fenceMs).toBe(deadlineOf(tickets.calls('create', orderId)[0]));
      const allowedAt = new Date(fenceMs + TIMINGS.clockSkewMs).toISOString();
      for (const resolution of [NONE, { itemId: 'T-1', ...SAID }]) {
        expect(await resolve(client, orderId, resolution)).toBe(
          `the resolution was refused: a create that was sent may still commit; it can be resolved after ${allowedAt}`,
        );
      }
      expect(hasUpdate(await history(orderId))).toBe(false);
      await giveUp(orderId, 'enough seen');
    },

    async 'after its fence completes with the ticket, and a late watch checks it'() {
      const { tickets, quiescence, watchEnding } = brief;
      const orderId = brief.orderId('ticket');
      await losesItsTicket(brief, orderId);
      const [ticketId = ''] = tickets.liveTickets(orderId);
      const resolution = { itemId: ticketId, ...SAID };
      await untilResolved(brief, orderId, resolution);
      tickets.restore('list', orderId);
      expect(await quiescence(orderId)).toMatchObject({
        kind: 'completed',
        result: { ticketId: resolution.itemId, resolution: RECORDED },
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

    async 'is refused while a void is running, and with a ticket that was seen voided; another one completes it'() {
      const { client, tickets, submit, quiescence, history } = environment;
      const orderId = environment.orderId('voiding');
      const add = (second: number, voided: boolean) =>
        tickets.addTicket(orderId, { voided, createdAt: `2026-01-01T00:00:0${second}.000Z` }).ticketId;
      const [gone, keeper, surplus] = [add(1, true), add(2, false), add(3, false)];
      const held = holds(tickets.respondCorrectly);
      tickets.script('void', orderId, held.behaviour);
      await submit(orderId);
      await held.reached;
      expect(await resolve(client, orderId, { itemId: keeper, ...SAID })).toContain('a void is running');
      expect(await resolve(client, orderId, NONE)).toContain('a void is running');

      tickets.break('list', orderId, refuses(500, 'BROKEN'));
      held.release();
      await environment.untilPhase(orderId, 'validating');
      expect(await resolve(client, orderId, { itemId: gone, ...SAID })).toContain(`${gone} has been voided`);
      expect(hasUpdate(await history(orderId))).toBe(false);
      expect(await resolve(client, orderId, { itemId: keeper, ...SAID })).toBeUndefined();
      tickets.restore('list', orderId);
      expectExactlyOne(tickets, orderId, await quiescence(orderId));
      expect(tickets.tickets(orderId).filter(({ voided }) => voided)).toMatchObject([
        { ticketId: gone },
        { ticketId: surplus },
      ]);
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
        [{ itemId: 'T-4111111111111111', ...SAID }],
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
