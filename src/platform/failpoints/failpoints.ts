/**
 * Every place where a process can be made to die, by the process that dies there, with what is true at that moment.
 * A test lets an order of each guarantee meet each of them; `docs/evidence.md` says what must hold after it.
 */
export const FAILPOINTS = {
  worker: {
    'validate.before-send': 'a look at the tickets is about to be sent',
    'validate.sent': 'a look has left, its answer is not read',
    'validate.before-report': 'the answer to a look is known, Temporal is not told',
    'create.before-send': 'a create is about to be sent',
    'create.sent': 'a create has left, its answer is not read',
    'create.before-report': 'what came of a create is known, Temporal is not told',
    'void.before-send': 'a void is about to be sent',
    'void.sent': 'a void has left, its answer is not read',
    'void.before-report': 'the answer to a void is known, Temporal is not told',
    'task.create': 'a workflow task has decided to create, Temporal is not told',
    'task.outcome': 'a workflow task has taken in what came of a create, Temporal is not told',
    'task.void': 'a workflow task has decided to void, Temporal is not told',
    'task.result': 'a workflow task has the result of the order, Temporal is not told',
  },
  'ticket system': {
    'reservation.before-write': 'a reservation has its lock, nothing of it is written',
    'reservation.before-link': 'a reservation is whole in a temporary file, not in its place',
    'reservation.before-sync': 'a reservation is in its place, its folder is not synced',
    'reservation.before-answer': 'a reservation is durable, nobody is told',
    'create.before-lock': 'a create is in the ledger as received, it does not have the lock of its order',
    'create.before-write': 'a create has the lock and is allowed, nothing of its ticket is written',
    'create.before-link': 'a ticket is whole in a temporary file, not in its place',
    'create.before-sync': 'a ticket is in its place, its folder is not synced',
    'create.before-ledger': 'a ticket is durable, the ledger does not know of it',
    'create.before-answer': 'a ticket is durable and in the ledger, nobody is told',
    'void.before-lock': 'a void has arrived, it does not have the lock of its order',
    'void.before-write': 'a void has the lock and is allowed, nothing of it is written',
    'void.before-link': 'a void is whole in a temporary file, not in its place',
    'void.before-sync': 'a void is in its place, its folder is not synced',
    'void.before-answer': 'a void is durable, nobody is told',
  },
} as const;

/** A process that can be made to die. */
export type FailpointProcess = keyof typeof FAILPOINTS;

export type Failpoint = { [Process in FailpointProcess]: keyof (typeof FAILPOINTS)[Process] }[FailpointProcess];

type DecidingAt<Point> = Point extends `task.${infer What}` ? What : never;

/** What a workflow task has decided when it comes to a failpoint. */
export type Deciding = DecidingAt<Failpoint>;

/** A point, and the order that has to come by. */
export interface ArmedFailpoint {
  readonly point: Failpoint;
  readonly orderId: string;
}

export function failpointsOf(process: FailpointProcess): readonly { point: Failpoint; moment: string }[] {
  // Object.entries forgets what it knows of the names.
  return Object.entries(FAILPOINTS[process]).map(([point, moment]) => ({ point: point as Failpoint, moment }));
}
