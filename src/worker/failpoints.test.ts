import { expect, it } from '@jest/globals';
import type { ActivityExecuteInput } from '@temporalio/worker';
import type { WorkflowInfo } from '@temporalio/workflow';
import type { WorkerExtensions } from './create-worker.ts';
import { failpointExtensions } from './failpoints.ts';

/** Runs an activity of an armed worker, and returns the failpoints that it reaches. */
async function reachedBy(activityType: string, run: () => Promise<unknown>): Promise<readonly string[]> {
  const reached: string[] = [];
  const extensions = failpointExtensions((point, orderId) => {
    reached.push(`${point}:${orderId}`);
    return undefined;
  });
  await runIn(extensions, activityType, 'order-1', run).catch(() => undefined);
  return reached;
}

/** Runs an activity about an order, as the worker does: the first interceptor is the outermost. */
function runIn({ interceptors }: WorkerExtensions, activityType: string, orderId: string, run: () => Promise<unknown>) {
  const input: ActivityExecuteInput = { args: [{ reservationId: 'R-1' }, { orderId }], headers: {} };
  const factories = interceptors?.activity ?? [];
  return factories.reduceRight<() => Promise<unknown>>((next, factory) => {
    // The factories use nothing else of the context.
    const { inbound } = factory({ info: { activityType } } as Parameters<typeof factory>[0]);
    return async () => (inbound?.execute === undefined ? next() : inbound.execute(input, next));
  }, run)();
}

const succeed = async () => 'result';
const fail = () => Promise.reject(new Error('failed'));

it.each([
  ['validateTicket', 'validate'],
  ['createTicket', 'create'],
  ['voidTicket', 'void'],
])('%s reaches its failpoint before it reports its result', async (activityType, prefix) => {
  expect(await reachedBy(activityType, succeed)).toEqual([`${prefix}.before-report:order-1`]);
});

it('a create reaches its failpoint with an outcome that is a failure', async () => {
  expect(await reachedBy('createTicket', fail)).toEqual(['create.before-report:order-1']);
});

it.each(['validateTicket', 'voidTicket', 'getToken'])('%s that fails reaches none', async (activityType) => {
  expect(await reachedBy(activityType, fail)).toEqual([]);
});

it.each([
  ['succeeds', succeed],
  ['fails, because its request has timed out meanwhile', fail],
])('an activity of an order that is held never reports that it %s', async (_, run) => {
  // Holds at no request: the extensions stay subscribed to the requests of this process, also to those of later test files.
  const extensions = failpointExtensions((point) =>
    point === 'task.create' ? new Promise<never>(() => undefined) : undefined,
  );
  const reach = extensions.sinks?.failpoints?.reach;
  reach?.fn({ workflowId: 'order-1' } as WorkflowInfo, 'task.create');
  const settled = (orderId: string) => {
    const end = runIn(extensions, 'getReservation', orderId, run).then(
      () => 'reported',
      () => 'reported',
    );
    return Promise.race([end, new Promise((resolve) => setImmediate(resolve, 'silent'))]);
  };
  expect(await settled('order-1')).toBe('silent');
  expect(await settled('order-2')).toBe('reported');
});
