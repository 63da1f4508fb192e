import type { CreateStep } from '../evidence/evidence.ts';
import type { Check } from './violation.ts';

/**
 * No create is scheduled while an earlier one of the same order, also of an earlier run, may still commit and nobody
 * knows what came of it. Only a key that is obeyed makes it safe.
 */
export const noCreateBeforeTheFence: Check = ({ orders, settleMs }, { reservations }) => {
  const guarantees = new Map(reservations.map(({ orderID, guarantee }) => [orderID, guarantee]));
  return orders.flatMap(({ orderId, runs }) => {
    const guarantee = guarantees.get(orderId);
    if (guarantee === 'idempotency-key') return [];
    const creates = runs.flatMap(({ steps }) => steps.filter((step): step is CreateStep => step.kind === 'create'));
    return creates.flatMap(({ activityId, atMs }, index) =>
      creates.slice(0, index).flatMap((earlier) => {
        const fenceMs = earlier.deadlineMs + (guarantee === 'none' ? settleMs : 0);
        if (earlier.outcomeKnown || atMs > fenceMs) return [];
        const what = `create ${activityId} was scheduled ${fenceMs - atMs} ms before the fence of create ${earlier.activityId}`;
        return [{ orderId, what: `${what}, of which nobody knew what came of it` }];
      }),
    );
  });
};
