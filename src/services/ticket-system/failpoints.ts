import { AsyncLocalStorage } from 'node:async_hooks';
import type { ReachFailpoint } from '../../platform/failpoints/failpoint.ts';
import type { Interceptors } from './interceptors.ts';

type Operation = 'reservation' | 'create' | 'void';

interface Call {
  readonly operation: Operation;
  readonly orderId: string;
  /** A file of this call has been linked into place. */
  isPlaced: boolean;
}

/** Lets calls reach the failpoints of the ticket system. Only an armed process adds these interceptors. */
export function failpointInterceptors(reach: ReachFailpoint): Interceptors {
  const calls = new AsyncLocalStorage<Call>();

  async function during<Result>(operation: Operation, orderId: string, work: () => Promise<Result>): Promise<Result> {
    const result = await calls.run({ operation, orderId, isPlaced: false }, work);
    await reach(`${operation}.before-answer`, orderId);
    return result;
  }

  async function reachStep(step: 'before-write' | 'before-link' | 'before-sync'): Promise<void> {
    const call = calls.getStore();
    if (call !== undefined) await reach(`${call.operation}.${step}`, call.orderId);
  }

  return {
    service: (service) => ({
      ...service,
      reserve: (orderId) => during('reservation', orderId, () => service.reserve(orderId)),
      create: (command) => during('create', command.orderId, () => service.create(command)),
      voidTicket: (command) => during('void', command.orderId, () => service.voidTicket(command)),
    }),
    lock: (lock) => async (orderId, work) => {
      const operation = calls.getStore()?.operation;
      if (operation === 'create' || operation === 'void') await reach(`${operation}.before-lock`, orderId);
      return lock(orderId, work);
    },
    disk: (disk) => ({
      ...disk,
      async writeFile(path, text) {
        await reachStep('before-write');
        await disk.writeFile(path, text);
      },
      async link(from, to) {
        await reachStep('before-link');
        const creation = await disk.link(from, to);
        const call = calls.getStore();
        if (call !== undefined) call.isPlaced = true;
        return creation;
      },
      async syncFolder(path) {
        if (calls.getStore()?.isPlaced === true) await reachStep('before-sync');
        await disk.syncFolder(path);
      },
    }),
    ledger: (ledger) => ({
      ...ledger,
      async append(record) {
        if (record.kind === 'committed') await reach('create.before-ledger', record.orderID);
        await ledger.append(record);
      },
    }),
  };
}
