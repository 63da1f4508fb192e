import type { Closing } from '../evidence/evidence.ts';
import { type Check, lastRun } from './violation.ts';

/** I7: once everything answers again, an order ends within its bound, its late watch and its requests too. */
export const endsInTime: Check = ({ orders, calmAtMs, endsWithinMs, inFlight }) => {
  const lateness = (closing: Closing | undefined): string | undefined => {
    if (closing === undefined) return `is still open ${endsWithinMs / 1_000} s after everything was calm`;
    const afterMs = closing.atMs - calmAtMs;
    return afterMs > endsWithinMs ? `ended ${afterMs / 1_000} s after everything was calm` : undefined;
  };
  return [
    ...orders.flatMap((order) => {
      const { orderId, watches } = order;
      const run = { name: 'it', closing: lastRun(order)?.closing };
      const all = [run, ...watches.map(({ workflowId, closing }) => ({ name: `its watch ${workflowId}`, closing }))];
      return all.flatMap(({ name, closing }) => {
        const late = lateness(closing);
        return late === undefined ? [] : [{ orderId, what: `${name} ${late}` }];
      });
    }),
    ...(inFlight > 0 ? [{ what: `the ticket system has still not finished ${inFlight} requests` }] : []),
  ];
};
