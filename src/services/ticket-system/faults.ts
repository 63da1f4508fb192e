import { AsyncLocalStorage } from 'node:async_hooks';
import type { TicketListResponse } from '../../contracts/ticket-system.ts';
import type { DrawnFault, FaultInjection } from '../faults/fault-injection.ts';
import type { TicketSystemPoint } from '../faults/ticket-system-faults.ts';
import type { Interceptors } from './interceptors.ts';
import type { WithTickets } from './order-lock.ts';
import { timeOf } from './records.ts';
import { newestRecordMs, ticketResponse } from './ticket-responses.ts';

/** What is injected into one call below the service, and where. */
interface Call {
  readonly beforeLock?: () => Promise<void>;
  readonly onRead?: () => void;
  readonly onWrite?: () => void;
  readonly onSync?: () => void;
  /** A file of this call has been linked into place. */
  isPlaced?: boolean;
}

/** Injects the faults of a plan into the calls of the ticket system. */
export function faultInterceptors(faults: FaultInjection<TicketSystemPoint>): Interceptors {
  const calls = new AsyncLocalStorage<Call>();
  /** A storage that is in use slows down every promise, so a service without faults leaves it alone. */
  const hitBy = <Result>(hits: readonly DrawnFault[], call: Call, work: () => Promise<Result>): Promise<Result> =>
    hits.every(({ fault }) => fault === undefined) ? work() : calls.run(call, work);
  return {
    service: (service, withTickets) => ({
      ...service,
      issueToken: () => faults.around('token', '', 201, () => service.issueToken()),
      reserve: (orderId) =>
        faults.around('reservation', orderId, 200, (hit) =>
          hitBy([hit], { onWrite: hit.injectOnDisk }, () => service.reserve(orderId)),
        ),
      readPaymentMethod: (reservationId) =>
        faults.around('vault', reservationId, 200, () => service.readPaymentMethod(reservationId)),
      async create(command) {
        const { orderId } = command;
        const before = faults.draw('create.before-commit', orderId);
        const late = faults.draw('create.late-commit', orderId);
        const after = faults.draw('create.after-commit', orderId);
        const acceptLater = late.fault?.kind === 'accept-later' ? late.fault : undefined;
        let isInjected = false;
        const beforeLock = async () => {
          // An accepted create takes the lock twice.
          if (isInjected) return;
          isInjected = true;
          await before.inject();
          if (acceptLater === undefined) await late.inject();
        };
        const call = { beforeLock, onWrite: before.injectOnDisk, onSync: after.injectOnDisk };
        const response = await hitBy([before, late, after], call, () =>
          acceptLater === undefined
            ? service.create(command)
            : service.accept(command, { ms: acceptLater.delayMs, pass: late.inject }),
        );
        await after.inject({ status: 'operationId' in response ? 202 : 201, body: response });
        return response;
      },
      list: (orderId) =>
        faults.around('validate', orderId, 200, (hit) =>
          hitBy([hit], { onRead: hit.injectOnDisk }, () =>
            hit.fault?.kind === 'stale-read'
              ? listAsItWas(withTickets, orderId, hit.fault.delayMs)
              : service.list(orderId),
          ),
        ),
      voidTicket: (command) =>
        faults.around('void', command.orderId, 200, (hit) =>
          hitBy([hit], { onWrite: hit.injectOnDisk }, () => service.voidTicket(command)),
        ),
    }),
    lock: (lock) => async (orderId, work) => {
      await calls.getStore()?.beforeLock?.();
      return lock(orderId, work);
    },
    disk: (disk) => ({
      async readFolder(path) {
        calls.getStore()?.onRead?.();
        return disk.readFolder(path);
      },
      async writeFile(path, text) {
        calls.getStore()?.onWrite?.();
        await disk.writeFile(path, text);
      },
      async link(from, to) {
        const creation = await disk.link(from, to);
        const call = calls.getStore();
        if (call !== undefined) call.isPlaced = true;
        return creation;
      },
      async syncFolder(path) {
        const call = calls.getStore();
        if (call?.isPlaced === true) call.onSync?.();
        await disk.syncFolder(path);
      },
    }),
  };
}

/**
 * A stale read: the tickets of an order before the last change to it, and at least `agoMs` ago. The state and its `asOf`
 * are true, only old.
 */
function listAsItWas(withTickets: WithTickets, orderId: string, agoMs: number): Promise<TicketListResponse> {
  return withTickets(orderId, async (stored, nowMs) => {
    const newestMs = newestRecordMs(stored);
    const asOf = timeOf(Math.min(nowMs - agoMs, newestMs === 0 ? nowMs : newestMs - 1));
    const tickets = stored
      .filter(({ record }) => record.createdAt <= asOf)
      .map(({ record, voided }) => ticketResponse(record, voided !== undefined && voided.voidedAt <= asOf));
    return { tickets, asOf };
  });
}
