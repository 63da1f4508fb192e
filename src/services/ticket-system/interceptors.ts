import type { Disk } from '../storage/disk.ts';
import type { Ledger } from './ledger.ts';
import type { OrderLock, WithTickets } from './order-lock.ts';
import type { TicketService } from './ticket-service.ts';

/**
 * Wraps parts of the ticket system. Faults and failpoints are added in this way, so the parts themselves know nothing
 * about them.
 */
export interface Interceptors {
  readonly disk?: (disk: Disk) => Disk;
  readonly ledger?: (ledger: Ledger) => Ledger;
  readonly lock?: (lock: OrderLock) => OrderLock;
  readonly service?: (service: TicketService, withTickets: WithTickets) => TicketService;
}

/** All of them as one, the last one outermost. */
export function combine(interceptors: readonly Interceptors[]): Required<Interceptors> {
  return {
    disk: (disk) => interceptors.reduce((inner, { disk: wrap }) => wrap?.(inner) ?? inner, disk),
    ledger: (ledger) => interceptors.reduce((inner, { ledger: wrap }) => wrap?.(inner) ?? inner, ledger),
    lock: (lock) => interceptors.reduce((inner, { lock: wrap }) => wrap?.(inner) ?? inner, lock),
    service: (service, withTickets) =>
      interceptors.reduce((inner, { service: wrap }) => wrap?.(inner, withTickets) ?? inner, service),
  };
}
