import { afterAll, expect, jest } from '@jest/globals';
import { reachedLine } from '../../src/platform/failpoints/failpoint.ts';
import { type Failpoint, type FailpointProcess, failpointsOf } from '../../src/platform/failpoints/failpoints.ts';
import { auditDatabase } from '../../src/services/ticket-system/audit.ts';
import { type ConcurrentTests, testConcurrently } from '../../testbed/concurrent-tests.ts';
import { type CrashOrder, ticketsAtFirst } from './failpoint-orders.ts';
import { type Crash, crashTicketSystem, crashWorker, GUARANTEE } from './failpoint-world.ts';
import { started } from './order-environment.ts';
import { orderOnDisk } from './order-on-disk.ts';
import { unreportedIn } from './unreported.ts';
import { resultOf } from './workflow-endings.ts';

/** A create was received and made no ticket: it takes a second one. Everywhere else the crash costs none. */
const COSTS_A_CREATE: readonly Failpoint[] = ['create.before-lock', 'create.before-write', 'create.before-link'];
/** Nobody ever found out what came of a create: where nothing is promised its order leaves a late watch. */
const STAYS_UNKNOWN: readonly Failpoint[] = ['create.before-send', ...COSTS_A_CREATE];
/** The ticket is there, and the ledger will never know of its commit. */
const COSTS_A_COMMIT_LINE: readonly Failpoint[] = ['create.before-sync', 'create.before-ledger'];
/** A temporary file is left beside the tickets, and is none. */
const LEAVES_A_FILE: readonly Failpoint[] = ['create.before-link', 'void.before-link'];
/** The reservation was in its place: its guarantee stays the one before the crash. */
const KEEPS_ITS_GUARANTEE: readonly Failpoint[] = ['reservation.before-sync', 'reservation.before-answer'];

// All scenarios of a crash share its time: until Temporal gives up what was never reported.
jest.setTimeout(120_000);

const closing: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const close of closing.reverse()) await close();
});

/** @param begin the crash, which all of its scenarios share */
function storiesOf(process: FailpointProcess, begin: () => Promise<Crash>): ConcurrentTests {
  let begun: Promise<Crash> | undefined;
  const crashed = () => (begun ??= begin());
  const atPoints = failpointsOf(process).map(({ point, moment }): [string, () => Promise<void>] => [
    `${point}: ${moment}`,
    async () => {
      const crash = await crashed();
      const met = crash.orders.filter((order) => order.point === point);
      expect(met).not.toEqual([]);
      for (const order of met) {
        expectCrashed(crash, order);
        await expectUnharmed(crash, order);
        if (process === 'worker') await expectUnreported(crash, order);
      }
    },
  ]);
  return {
    ...Object.fromEntries(atPoints),
    'and the audit of them all finds nothing but the commit lines that the crash took': async () =>
      expectAuditClean(await crashed()),
  };
}

function expectCrashed({ lines, exit }: Crash, order: CrashOrder): void {
  expect(exit).toEqual({ code: null, signal: 'SIGKILL' });
  expect(lines).toContain(reachedLine(order));
}

async function expectUnharmed({ world, databaseDir, endings }: Crash, order: CrashOrder): Promise<void> {
  const { orderId, point, guarantee } = order;
  const ending = endings.get(orderId);
  if (ending?.status !== 'fulfilled') throw ending?.reason;
  const { ticketId, voidedTicketIds } = resultOf(ending.value);
  const tickets = Math.max(1, ticketsAtFirst(point));
  expect({
    orderId,
    voided: voidedTicketIds.length,
    lateWatches: started(await world.history(orderId)).length,
    ...(await orderOnDisk(databaseDir, orderId)),
  }).toEqual({
    orderId,
    lateWatches: guarantee === 'none' && STAYS_UNKNOWN.includes(point) ? 1 : 0,
    guarantee: guarantee ?? (KEEPS_ITS_GUARANTEE.includes(point) ? GUARANTEE.before : GUARANTEE.after),
    tickets,
    live: [ticketId],
    voided: tickets - 1,
    temporaryFiles: LEAVES_A_FILE.includes(point) ? 1 : 0,
    createsReceived: tickets + (COSTS_A_CREATE.includes(point) ? 1 : 0),
    commitLines: COSTS_A_COMMIT_LINE.includes(point) ? 0 : tickets,
  });
}

/** What the worker died over is what Temporal was not told: it was held at its point, and not somewhere after it. */
async function expectUnreported({ world }: Crash, { orderId, point }: CrashOrder): Promise<void> {
  const what = point.split('.')[0];
  const unreported = unreportedIn(await world.history(orderId));
  expect({ orderId, unreported }).toEqual({
    orderId,
    unreported: expect.arrayContaining([what === 'task' ? 'workflow task' : `${what}Ticket`]),
  });
}

async function expectAuditClean({ databaseDir, orders }: Crash): Promise<void> {
  const { counts, problems } = await auditDatabase(databaseDir);
  expect(counts).toMatchObject({ orders: orders.length, exactlyOne: orders.length, duplicates: 0, missing: 0 });
  const found = problems.map(
    (problem) => /^tickets\/([^/]+)\/\S+: its commit is missing from the ledger$/.exec(problem)?.[1] ?? problem,
  );
  const known = orders.filter(({ point }) => COSTS_A_COMMIT_LINE.includes(point)).map(({ orderId }) => orderId);
  expect(found.sort()).toEqual(known.sort());
}

testConcurrently({
  'a worker that dies and is started again leaves exactly one ticket to an order of each guarantee, at': storiesOf(
    'worker',
    () => crashWorker(closing),
  ),
  'a ticket system that dies and is started again leaves exactly one ticket to an order of each guarantee, at':
    storiesOf('ticket system', () => crashTicketSystem(closing)),
});
