import { setTimeout as pause } from 'node:timers/promises';
import type { Fault, Faults } from './faults.ts';

/**
 * Adds to `faults` that the first create of some orders commits late: right after the first list that has the item of
 * another create, so that a run which did not wait for it has nothing more to do. By then such a run has made a second
 * item for good, however slow everything is. Until then the orders meet no other fault of their creates.
 * @param options.hasItem whether an order has a live item
 * @param options.atLatestMs after its arrival, if there is no such list, in milliseconds
 */
export function lateFirstCreates(
  faults: Faults,
  options: {
    readonly orderIds: Iterable<string>;
    readonly hasItem: (orderId: string) => boolean;
    readonly atLatestMs: number;
  },
): Faults {
  const { orderIds, hasItem, atLatestMs } = options;
  const orders = new Map<string, { commit?: () => void }>();
  for (const orderId of orderIds) orders.set(orderId, {});

  function first(orderId: string, order: { commit?: () => void }): Fault {
    const committed = new Promise<void>((resolve) => {
      order.commit = () => {
        orders.delete(orderId);
        resolve();
      };
    });
    const timeIsUp = pause(atLatestMs, undefined, { ref: false }).then(() => order.commit?.());
    return { kind: 'delay', until: Promise.race([committed, timeIsUp]) };
  }

  return {
    decide(point, orderId) {
      const order = orders.get(orderId);
      if (order === undefined) return faults.decide(point, orderId);
      switch (point) {
        case 'create.before':
        case 'create.after':
          return undefined;
        case 'create.late':
          return order.commit === undefined ? first(orderId, order) : undefined;
        default: {
          const fault = faults.decide(point, orderId);
          // The service reads the list first.
          if (point === 'list' && fault === undefined && hasItem(orderId)) setImmediate(() => order.commit?.());
          return fault;
        }
      }
    },
  };
}
