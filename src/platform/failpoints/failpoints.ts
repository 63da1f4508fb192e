/**
 * Every place where a test can make a process die, by process, with what is true at that moment. A test takes an order
 * of each guarantee to each of them; `docs/evidence.md` says what must hold afterwards.
 */
export const FAILPOINTS = {
  worker: {
    'validate.before-send': 'the request for the tickets is about to be sent',
    'validate.sent': 'the request for the tickets has been sent, its response has not been read',
    'validate.before-report': 'the tickets are known, Temporal does not know it yet',
    'create.before-send': 'the create is about to be sent',
    'create.sent': 'the create has been sent, its response has not been read',
    'create.before-report': 'the outcome of the create is known, Temporal does not know it yet',
    'void.before-send': 'the void is about to be sent',
    'void.sent': 'the void has been sent, its response has not been read',
    'void.before-report': 'the response to the void is known, Temporal does not know it yet',
    'task.create': 'a workflow task has decided to create, Temporal does not know it yet',
    'task.outcome': 'a workflow task has processed the outcome of a create, Temporal does not know it yet',
    'task.void': 'a workflow task has decided to void, Temporal does not know it yet',
    'task.result': 'a workflow task has completed the order, Temporal does not know it yet',
  },
  'ticket system': {
    'reservation.before-write': 'the lock of the order is held, nothing has been written',
    'reservation.before-link': 'the reservation is complete in a temporary file, but not in place',
    'reservation.before-sync': 'the reservation is in place, but its folder is not synced',
    'reservation.before-answer': 'the reservation is durable, the response has not been sent',
    'create.before-lock': 'the ledger says that the create was received, the lock of the order is not held yet',
    'create.before-write': 'the lock is held and the create is allowed, nothing of the ticket has been written',
    'create.before-link': 'the ticket is complete in a temporary file, but not in place',
    'create.before-sync': 'the ticket is in place, but its folder is not synced',
    'create.before-ledger': 'the ticket is durable, but its commit is not in the ledger',
    'create.before-answer': 'the ticket is durable and its commit is in the ledger, the response has not been sent',
    'void.before-lock': 'the void was received, the lock of the order is not held yet',
    'void.before-write': 'the lock is held and the void is allowed, nothing of it has been written',
    'void.before-link': 'the void is complete in a temporary file, but not in place',
    'void.before-sync': 'the void is in place, but its folder is not synced',
    'void.before-answer': 'the void is durable, the response has not been sent',
  },
} as const;

/** A process that can be made to die. */
export type FailpointProcess = keyof typeof FAILPOINTS;

export type Failpoint = { [Process in FailpointProcess]: keyof (typeof FAILPOINTS)[Process] }[FailpointProcess];

/** A failpoint, and the order that has to reach it. */
export interface ArmedFailpoint {
  readonly point: Failpoint;
  readonly orderId: string;
}

export function failpointsOf(process: FailpointProcess): readonly { point: Failpoint; moment: string }[] {
  // Object.entries widens the type of the keys.
  return Object.entries(FAILPOINTS[process]).map(([point, moment]) => ({ point: point as Failpoint, moment }));
}
