import { afterAll, beforeAll, expect } from '@jest/globals';
import { defaultPayloadConverter, defineSearchAttributeKey } from '@temporalio/common';
import { submit } from 'exactly-one/client';
import { IN_PROGRESS, orderSearchAttributes } from '../../src/contracts/search-attributes.ts';
import { submitOrder } from '../../src/starter/order.ts';
import { testConcurrently } from '../../testbed/concurrent-tests.ts';
import { holds, refuses } from './behaviours.ts';
import { createScriptedEnvironment, type ScriptedEnvironment, TIMINGS } from './order-environment.ts';
import { resultOf } from './workflow-endings.ts';

/** Long enough for a busy machine to send each create at the first attempt. */
const { createDeadlineMs } = TIMINGS;

let environment: ScriptedEnvironment;
let unindexed: ScriptedEnvironment;
beforeAll(async () => {
  environment = await createScriptedEnvironment('deadline', { createDeadlineMs });
  unindexed = await createScriptedEnvironment('deadline', { searchAttributes: false });
});
afterAll(async () => {
  await unindexed.close();
  await environment.close();
});

testConcurrently({
  'an order shows': {
    async 'how it ended, in its search attributes'() {
      const { run, client } = environment;
      const orderId = environment.orderId('search');
      const { ticketId } = resultOf(await run(orderId));
      const { typedSearchAttributes } = await client.workflow.getHandle(orderId).describe();
      const { phase, createAttempts, guarantee, ticketId: ticket } = orderSearchAttributes;
      expect(typedSearchAttributes.get(phase)).toBe('completed');
      expect(typedSearchAttributes.get(createAttempts)).toBe(1);
      expect(typedSearchAttributes.get(guarantee)).toBe('deadline');
      expect(typedSearchAttributes.get(ticket)).toBe(ticketId);
    },

    async 'that it is in progress from its start, without an additional event'() {
      const { tickets, submit, quiescence, client, history } = environment;
      const orderId = environment.orderId('started');
      const held = holds(tickets.respondCorrectly);
      tickets.script('create', orderId, held.behaviour);
      await submit(orderId);
      await held.reached;
      const { typedSearchAttributes } = await client.workflow.getHandle(orderId).describe();
      expect(typedSearchAttributes.get(orderSearchAttributes.phase)).toBe(IN_PROGRESS);
      expect(
        (await history(orderId)).filter(({ upsertWorkflowSearchAttributesEventAttributes: changed }) => changed),
      ).toEqual([]);
      held.release();
      await quiescence(orderId);
    },

    async 'its phase and the outcomes of its creates, in response to a query'() {
      const { tickets, submit, quiescence, progress } = environment;
      const orderId = environment.orderId('query');
      const held = holds(tickets.respondCorrectly);
      tickets.script('create', orderId, refuses(503, 'SHUTTING_DOWN'), held.behaviour);
      await submit(orderId);
      const create = await held.reached;
      const { typedSearchAttributes } = await environment.client.workflow.getHandle(orderId).describe();
      expect(typedSearchAttributes.get(orderSearchAttributes.phase)).toBe('settling');
      expect(await progress(orderId)).toEqual({
        orderId,
        phase: 'creating',
        detail: 'creating the ticket, once',
        reservationId: `R-${orderId}`,
        guarantee: 'deadline',
        createAttempts: 2,
        outcomes: ['unknown: the response was 503 SHUTTING_DOWN'],
        fenceMs: Number(create.headers['request-deadline']),
        untilMs: Number(create.headers['request-deadline']),
        voidedTicketIds: [],
        cancelRequested: false,
      });
      expect(Number(create.headers['request-deadline'])).toBeGreaterThan(Date.now() - createDeadlineMs);
      held.release();
      const { ticketId } = resultOf(await quiescence(orderId));
      expect(await progress(orderId)).toMatchObject({ phase: 'completed', ticketId, createAttempts: 2 });
    },

    async 'the purpose of each activity, in its summary, and what it has found, in its result'() {
      const { tickets, run, history } = environment;
      const orderId = environment.orderId('summaries');
      tickets.script('create', orderId, (call) => {
        tickets.addTicket(orderId, { ticketId: 'TICKET-A', createdAt: '2026-01-01T00:00:00.000Z' });
        tickets.addTicket(orderId, { ticketId: 'TICKET-B', createdAt: '2026-01-02T00:00:00.000Z' });
        call.socket.destroy();
      });
      await run(orderId);
      const events = await history(orderId);
      const results = events.flatMap(({ activityTaskCompletedEventAttributes: completed }) =>
        (completed?.result?.payloads ?? []).map((payload) => defaultPayloadConverter.fromPayload(payload)),
      );
      expect(results).toContainEqual(expect.objectContaining({ tickets: '2 tickets, TICKET-A and TICKET-B' }));
      const summaries = events.flatMap(({ userMetadata }) =>
        userMetadata?.summary ? [defaultPayloadConverter.fromPayload(userMetadata.summary)] : [],
      );
      expect(summaries).toEqual(
        expect.arrayContaining([
          ...['Get a token of the ticket system', `Get the reservation of ${orderId}`],
          ...[`Check: does ${orderId} have a ticket?`, 'Create ticket, attempt 1', 'Void TICKET-B, keep TICKET-A'],
        ]),
      );
    },

    async 'its state as text, in its current details'() {
      const { tickets, run, client } = environment;
      const orderId = environment.orderId('details');
      tickets.script('create', orderId, refuses(422, 'PAYMENT_DECLINED'));
      await run(orderId);
      const metadata = await client.workflow
        .getHandle(orderId)
        .query<{ currentDetails: string }>('__temporal_workflow_metadata');
      expect(metadata.currentDetails).toContain('**rejected**');
      expect(metadata.currentDetails).toContain('rejected: the response was 422 PAYMENT_DECLINED');
    },

    async 'nothing of the search attributes that a namespace lacks, or that are turned off, and is submitted all the same'() {
      const { client } = environment;
      const nobody = `nobody-${environment.taskQueue}`;
      const unknown = { key: defineSearchAttributeKey('NotDefined', 'KEYWORD'), value: 'value' };
      const workflow = { workflow: 'processOrder', workflowId: nobody, taskQueue: nobody, input: {} };
      expect(await submit(client, { ...workflow, searchAttributes: [unknown] })).toMatchObject({ result: 'started' });
      await client.workflow.getHandle(nobody).terminate();
      const orderId = environment.orderId('turned-off');
      const { handle } = await submitOrder(client, nobody, orderId, { searchAttributes: false });
      expect((await handle.describe()).typedSearchAttributes.get(orderSearchAttributes.phase)).toBeUndefined();
      await handle.terminate();
    },

    async 'no search attributes in a namespace that lacks them'() {
      const orderId = unindexed.orderId('unindexed');
      resultOf(await unindexed.run(orderId));
      const events = await unindexed.history(orderId);
      expect(events.filter((event) => event.upsertWorkflowSearchAttributesEventAttributes)).toEqual([]);
    },
  },
});
