import type { CreateStep } from '../collect/round-evidence.ts';
import type { Check } from './violation.ts';

/** I3: no two creates were received with one `Request-Id`. */
export const uniqueRequestIds: Check = (_evidence, { ledger }) => {
  const seen = new Set<string>();
  return ledger.flatMap((line) => {
    if (line.kind !== 'received') return [];
    const { orderID: orderId, requestID } = line;
    if (seen.has(requestID)) return [{ orderId, what: `two creates were received with the Request-Id ${requestID}` }];
    seen.add(requestID);
    return [];
  });
};

/**
 * I4: within one run, no create after a validation that showed a live ticket, unless the run has learned since that the
 * ticket is voided.
 */
export const noCreateBesideATicket: Check = ({ orders }) =>
  orders.flatMap(({ orderId, runs }) =>
    runs.flatMap(({ runId, steps }) => {
      const live = new Set<string>();
      return steps.flatMap((step) => {
        if (step.kind === 'validate') {
          for (const ticketId of step.live) live.add(ticketId);
          for (const ticketId of step.voided) live.delete(ticketId);
        }
        if (step.kind === 'void') live.delete(step.ticketId);
        if (step.kind !== 'create' || live.size === 0) return [];
        const what = `run ${runId} scheduled create ${step.activityId} after it had seen live tickets: ${[...live].join(', ')}`;
        return [{ orderId, what }];
      });
    }),
  );

/**
 * No create is scheduled while an earlier one of the same order, of any run, has an unknown outcome and may still commit.
 * Only an idempotency key makes that safe.
 */
export const noCreateBeforeTheFence: Check = ({ orders, settleMs, acceptWithinMs }, { reservations }) => {
  const guarantees = new Map(reservations.map(({ orderID, guarantee }) => [orderID, guarantee]));
  return orders.flatMap(({ orderId, runs }) => {
    const guarantee = guarantees.get(orderId);
    if (guarantee === 'idempotency-key') return [];
    const creates = runs.flatMap(({ steps }) => steps.filter((step): step is CreateStep => step.kind === 'create'));
    return creates.flatMap(({ activityId, atMs }, index) =>
      creates.slice(0, index).flatMap((earlier) => {
        const fenceMs = earlier.deadlineMs + acceptWithinMs + (guarantee === 'none' ? settleMs : 0);
        if (earlier.outcomeKnown || atMs > fenceMs) return [];
        const before = `${fenceMs - atMs} ms before the fence of create ${earlier.activityId}`;
        return [{ orderId, what: `create ${activityId} was scheduled ${before}, whose outcome was unknown` }];
      }),
    );
  });
};
