import { expect, it } from '@jest/globals';
import type { ActivityExecuteInput } from '@temporalio/worker';
import { failpointExtensions } from './failpoints.ts';

/** Runs an activity of an armed worker, and returns the failpoints that it reaches. */
async function reachedBy(activityType: string, run: () => Promise<unknown>): Promise<readonly string[]> {
  const reached: string[] = [];
  const { interceptors } = failpointExtensions((point, orderId) => {
    reached.push(`${point}:${orderId}`);
    return undefined;
  });
  const [factory] = interceptors?.activity ?? [];
  // The factory uses nothing else of the context.
  const { inbound } = factory?.({ info: { activityType } } as Parameters<typeof factory>[0]) ?? {};
  const input: ActivityExecuteInput = { args: [{ reservationId: 'R-1' }, { orderId: 'order-1' }], headers: {} };
  await inbound?.execute?.(input, run).catch(() => undefined);
  return reached;
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
