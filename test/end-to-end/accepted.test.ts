import { afterAll, beforeAll, expect } from '@jest/globals';
import { GUARANTEES } from 'exactly-one';
import { messages } from '../../src/contracts/workflow-names.ts';
import { createFaultPlan } from '../../src/services/faults/fault-plan.ts';
import type { FaultRule } from '../../src/services/faults/fault-rules.ts';
import { TICKET_SYSTEM_PRESETS, type TicketSystemPoint } from '../../src/services/faults/ticket-system-faults.ts';
import { startTicketSystem } from '../../src/services/ticket-system/ticket-system.fixture.ts';
import { eachOf, testConcurrently } from '../../testbed/concurrent-tests.ts';
import { outcomesOfRequests } from './order-assertions.ts';
import { createOrderEnvironment, type HistoryEvent, within } from './order-environment.ts';
import { resultOf } from './workflow-endings.ts';

const CREATE_DEADLINE_MS = 2_000;
const ACCEPT_WITHIN_MS = 30_000;

const ACCEPTS_ALL: FaultRule<TicketSystemPoint> = {
  ...{ point: 'create.late-commit', kind: 'accept-later' },
  ...{ probability: 1, delayMs: 1 },
};
/** The response to a create that was accepted is lost. */
const LOSES_RESPONSE: FaultRule<TicketSystemPoint> = {
  ...{ point: 'create.after-commit', kind: 'connection-reset' },
  probability: 1,
};

type Guarantee = (typeof GUARANTEES)[number];

/** A real ticket system that accepts every create, and finishes each when `finish` is called. */
async function createAcceptingEnvironment(guarantee: Guarantee, ...more: readonly FaultRule<TicketSystemPoint>[]) {
  const waiting: (() => void)[] = [];
  const faultPlan = createFaultPlan<TicketSystemPoint>(TICKET_SYSTEM_PRESETS, {
    seed: 1,
    rules: [ACCEPTS_ALL, ...more],
  });
  const system = await startTicketSystem({
    ...{ guarantee, faultPlan, acceptWithinMs: ACCEPT_WITHIN_MS },
    sleep: () => new Promise<void>((resolve) => waiting.push(resolve)),
  });
  const url = await system.app.listen({ host: '127.0.0.1', port: 0 });
  const environment = await createOrderEnvironment(url, {
    createDeadlineMs: CREATE_DEADLINE_MS,
    acceptWithinMs: ACCEPT_WITHIN_MS,
  });
  return {
    ...environment,
    system,
    untilAccepted: () => within('an accepted create', async () => waiting.length > 0),
    finish() {
      for (const resolve of waiting.splice(0)) resolve();
    },
    async close() {
      await environment.close();
      for (const resolve of waiting) resolve();
      await system.stop();
    },
  };
}

const environments = new Map<string, Awaited<ReturnType<typeof createAcceptingEnvironment>>>();
beforeAll(async () => {
  for (const guarantee of GUARANTEES) environments.set(guarantee, await createAcceptingEnvironment(guarantee));
  environments.set('lost', await createAcceptingEnvironment('deadline', LOSES_RESPONSE));
  environments.set('signalled', await createAcceptingEnvironment('deadline'));
});
afterAll(async () => {
  for (const environment of environments.values()) await environment.close();
});

function environmentOf(name: string) {
  const environment = environments.get(name);
  if (environment === undefined) throw new Error(`there is no environment ${name}`);
  return environment;
}

const creates = (events: readonly HistoryEvent[]) =>
  events.filter(({ activityTaskScheduledEventAttributes: task }) => task?.activityType?.name === 'createTicket');

testConcurrently({
  'an order whose': eachOf(
    {
      'create was accepted waits past its deadline for the ticket, with guarantee none': 'none',
      'create was accepted waits past its deadline for the ticket, with guarantee deadline': 'deadline',
      'create was accepted waits past its deadline for the ticket, with guarantee idempotency-key': 'idempotency-key',
      '202 was lost waits past the deadline all the same': 'lost',
    },
    async (name) => {
      const { orderId, submit, untilOrder, progress, untilAccepted, finish, quiescence, history, system } =
        environmentOf(name);
      const id = orderId('accepted');
      await submit(id);
      await untilAccepted();
      await untilOrder(id, 'checks after the deadline', async () => {
        const { phase, outcomes } = await progress(id);
        const isReported = name === 'lost' || outcomes.some((outcome) => outcome.startsWith('accepted'));
        const lists = (await history(id)).filter(
          ({ activityTaskScheduledEventAttributes: task }) => task?.activityType?.name === 'validateTicket',
        );
        const create = creates(await history(id)).at(-1);
        const lastMs = Number(lists.at(-1)?.eventTime?.seconds ?? 0) * 1_000;
        const deadlineMs = Number(create?.eventTime?.seconds ?? 0) * 1_000 + CREATE_DEADLINE_MS + 1_000;
        return isReported && (phase === 'settling' || phase === 'validating') && lastMs > deadlineMs;
      });
      finish();
      const { ticketId, createAttempts } = resultOf(await quiescence(id));
      // A busy worker may miss its deadline for sending one.
      const sent = outcomesOfRequests(await progress(id));
      expect(sent).toHaveLength(1);
      expect(createAttempts).toBe((await progress(id)).outcomes.length);
      expect(creates(await history(id))).toHaveLength(createAttempts);
      expect(await system.audit()).toMatchObject({ sends: 1 });
      expect((await system.list(id)).tickets).toEqual([expect.objectContaining({ ticketId, voided: false })]);
    },
  ),

  'the signal checkNow': {
    async 'ends a pause, and a flood of them is no flood of checks'() {
      const { orderId, submit, client, untilPhase, untilOrder, ending, history, terminate } =
        environmentOf('signalled');
      const id = orderId('signalled');
      await submit(id);
      await untilPhase(id, 'settling');
      const handle = client.workflow.getHandle(id);
      for (let signal = 0; signal < 100; signal += 1) await handle.signal(messages.checkNow, { ticketId: 'made up' });
      const sinceFirstSignal = async () => {
        const events = await history(id);
        return events.slice(events.findIndex(({ workflowExecutionSignaledEventAttributes: signal }) => signal));
      };
      const checksIn = (events: readonly HistoryEvent[]) =>
        events.filter(
          ({ activityTaskScheduledEventAttributes: task }) => task?.activityType?.name === 'validateTicket',
        );
      await untilOrder(id, 'a check', async () => checksIn(await sinceFirstSignal()).length > 0);
      await terminate(id);
      await ending(id);
      const events = await sinceFirstSignal();
      const timeMs = ({ eventTime }: HistoryEvent) =>
        Number(eventTime?.seconds) * 1_000 + Number(eventTime?.nanos) / 1e6;
      const signalledForMs = timeMs(events.at(-1) ?? {}) - timeMs(events[0] ?? {});
      expect(checksIn(events).length).toBeLessThanOrEqual(signalledForMs / 250 + 1);
    },
  },
});
