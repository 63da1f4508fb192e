import { expect, test } from '@jest/globals';
import { COURIER, createCourier } from './courier.fixture.ts';
import { findGuarantee, startScriptedService } from './index.ts';

/** On a busy machine, so that some creates arrive before their deadlines. */
const IN_FLIGHT_MS = 6_000;

test.concurrent.each([
  ['without a guarantee keeps neither keys nor deadlines', 'none', 'at the commit', 'none'],
  ['with the guarantee deadline keeps deadlines but not keys', 'deadline', 'at the commit', 'deadline'],
  ['that checks deadlines on arrival only keeps neither', 'deadline', 'on arrival', 'none'],
  [
    'with the guarantee idempotency-key keeps keys and deadlines',
    'idempotency-key',
    'at the commit',
    'idempotency-key',
  ],
] as const)('the experiments find that a service %s', async (_sentence, guaranteed, checksDeadline, guarantee) => {
  const deadlines = new Map<string, number>();
  const service = await startScriptedService({
    ...{ ...COURIER, guarantee: guaranteed, checksDeadline },
    onOperation(operation) {
      if (operation.kind === 'create') deadlines.set(operation.orderId, operation.deadlineMs ?? 0);
    },
    faults: {
      // The creates of every second order commit after their deadlines, if the service lets them.
      decide(point, orderId) {
        if (point !== 'create.late' || !/[13579]$/.test(orderId)) return undefined;
        return { kind: 'delay', delayMs: Math.max(0, (deadlines.get(orderId) ?? 0) - Date.now()) + 300 };
      },
    },
  });
  let experiments = 0;
  const found = await findGuarantee({
    functions: createCourier(service.url),
    input: () => undefined,
    newOrderId: () => `experiment-${experiments++}`,
    inFlightMs: IN_FLIGHT_MS,
  });
  await service.close();
  const [keepsKeys, keepsDeadlines] = [guarantee === 'idempotency-key', guarantee !== 'none'];
  expect(found).toEqual({ guarantee, keepsKeys, keepsDeadlines });
});
