import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { refuses } from './behaviours.ts';
import { expectExactlyOne } from './order-assertions.ts';
import { createScriptedEnvironment, type HistoryEvent, type ScriptedEnvironment, within } from './order-environment.ts';

const OPEN_FOR_MS = 2_000;
const ORDERS = 14;

let environment: ScriptedEnvironment;
beforeAll(async () => {
  // With idempotency keys a create is repeated without settling: nothing but the circuit breaker delays it.
  // A long deadline, or a busy machine would read the vault again for one create.
  environment = await createScriptedEnvironment('idempotency-key', { createDeadlineMs: 20_000 });
});
afterAll(() => environment.close());

test('after twenty failed creates in a row none is sent for a while, and histories hardly grow meanwhile', async () => {
  const { tickets, submit, quiescence, history, progress } = environment;
  const orderIds = Array.from({ length: ORDERS }, (_, index) => environment.orderId(`order-${index}`));
  const creates = () => tickets.received.filter(({ endpoint }) => endpoint === 'create');
  for (const orderId of orderIds) tickets.break('create', orderId, refuses(503, 'SHUTTING_DOWN'));
  await Promise.all(orderIds.map(submit));
  const refusals = async () => {
    const outcomes = await Promise.all(orderIds.map(async (orderId) => (await progress(orderId)).outcomes));
    return outcomes.flat().filter((outcome) => outcome.includes('circuit breaker is open'));
  };
  // A create that succeeded before that would close it again.
  await within('the circuit breaker to refuse a create', async () => (await refusals()).length > 0);
  for (const orderId of orderIds) tickets.restore('create', orderId);
  const endings = await Promise.all(orderIds.map(quiescence));

  endings.forEach((ending, index) => {
    expectExactlyOne(tickets, orderIds[index] ?? '', ending);
  });
  const times = creates()
    .map(({ atMs }) => atMs)
    .sort((one, other) => one - other);
  const longestPauseMs = Math.max(...times.slice(1).map((atMs, index) => atMs - (times[index] ?? 0)));
  // The breaker's time starts with the twentieth response, a moment after the twentieth create was received.
  expect(longestPauseMs).toBeGreaterThan(OPEN_FOR_MS - 200);
  // Each order learns when to try again, and does not try before.
  for (const orderId of orderIds) {
    const events = await history(orderId);
    expect(events.length).toBeLessThan(150);
    for (const { refusedAtMs, tryAgainInMs, triedAtMs } of refusalsIn(events)) {
      expect(triedAtMs - refusedAtMs).toBeGreaterThanOrEqual(tryAgainInMs);
    }
  }
  expect((await Promise.all(orderIds.map((orderId) => history(orderId)))).flatMap(refusalsIn)).not.toEqual([]);
  // The vault is not read for a create that is not sent.
  const reads = tickets.received.filter(({ endpoint }) => endpoint === 'vault');
  expect(reads.length).toBe(creates().length);
});

/** When creates were refused, after which time they might be tried again, and when they were. */
function refusalsIn(events: readonly HistoryEvent[]) {
  const timeMs = (event: HistoryEvent | undefined) =>
    Number(event?.eventTime?.seconds) * 1_000 + Number(event?.eventTime?.nanos) / 1e6;
  return events.flatMap((event, index) => {
    const { message = '' } = event.activityTaskFailedEventAttributes?.failure ?? {};
    const [, tryAgainInMs] = /circuit breaker is open: try again in (\d+) ms/.exec(message ?? '') ?? [];
    if (tryAgainInMs === undefined) return [];
    const tried = events
      .slice(index)
      .find(({ activityTaskScheduledEventAttributes: task }) => task?.activityType?.name === 'createTicket');
    return [{ refusedAtMs: timeMs(event), tryAgainInMs: Number(tryAgainInMs), triedAtMs: timeMs(tried) }];
  });
}

test('responses of a ticket system that is up, such as 401, 409 and 429, never open it', async () => {
  const { tickets, submit, quiescence, progress } = environment;
  const orderIds = Array.from({ length: 15 }, (_, index) => environment.orderId(`busy-${index}`));
  const refusals = [
    refuses(429, 'TOO_MANY_REQUESTS'),
    refuses(409, 'IDEMPOTENCY_KEY_IN_FLIGHT'),
    refuses(401, 'TOKEN_EXPIRED'),
  ];
  orderIds.forEach((orderId, index) => {
    tickets.script('create', orderId, refusals[index % refusals.length] ?? refuses(429, 'TOO_MANY_REQUESTS'));
  });
  await Promise.all(orderIds.map(submit));
  const endings = await Promise.all(orderIds.map(quiescence));
  endings.forEach((ending, index) => {
    expectExactlyOne(tickets, orderIds[index] ?? '', ending);
  });
  const outcomes = await Promise.all(orderIds.map(async (orderId) => (await progress(orderId)).outcomes));
  expect(outcomes.flat().filter((outcome) => outcome.includes('circuit breaker'))).toEqual([]);
});
