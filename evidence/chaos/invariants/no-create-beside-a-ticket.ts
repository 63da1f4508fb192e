import type { Check } from './violation.ts';

/**
 * I4: within one run no create after a look that has shown a live ticket, unless the run has learnt since that it is
 * voided.
 */
export const noCreateBesideATicket: Check = ({ orders }) =>
  orders.flatMap(({ orderId, runs }) =>
    runs.flatMap(({ runId, steps }) => {
      const live = new Set<string>();
      return steps.flatMap((step) => {
        if (step.kind === 'look') {
          for (const ticketId of step.live) live.add(ticketId);
          for (const ticketId of step.voided) live.delete(ticketId);
        }
        if (step.kind === 'void') live.delete(step.ticketId);
        if (step.kind !== 'create' || live.size === 0) return [];
        const what = `run ${runId} scheduled create ${step.activityId} although it had seen ${[...live].join(', ')} live`;
        return [{ orderId, what }];
      });
    }),
  );
