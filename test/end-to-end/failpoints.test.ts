import { afterAll, expect } from '@jest/globals';
import { reachedLine } from '../../src/platform/failpoints/failpoint.ts';
import { type Failpoint, type FailpointProcess, failpointsOf } from '../../src/platform/failpoints/failpoints.ts';
import { auditDatabase } from '../../src/services/ticket-system/audit.ts';
import { type ConcurrentTests, testConcurrently } from '../../testbed/concurrent-tests.ts';
import { type Crash, crashTicketSystem, crashWorker, GUARANTEE } from './failpoint-crash.ts';
import { type CrashOrder, initialTickets } from './failpoint-orders.ts';
import { started } from './order-environment.ts';
import { orderOnDisk } from './order-on-disk.ts';
import { unreportedIn } from './unreported.ts';
import { resultOf } from './workflow-endings.ts';

/** A create was received and created no ticket, so a second create is needed. */
const NEEDS_A_SECOND_CREATE: readonly Failpoint[] = ['create.before-lock', 'create.before-write', 'create.before-link'];
/** The outcome of a create stays unknown: with guarantee `none` the order leaves a late watch. */
const STAYS_UNKNOWN: readonly Failpoint[] = ['create.before-send', ...NEEDS_A_SECOND_CREATE];
/** The reservation was in place before the crash, so it keeps its guarantee. */
const KEEPS_ITS_GUARANTEE: readonly Failpoint[] = ['reservation.before-sync', 'reservation.before-answer'];

const closing: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const close of closing.reverse()) await close();
});

/** @param begin starts the crash that all these tests share */
function testsOf(process: FailpointProcess, begin: () => Promise<Crash>): ConcurrentTests {
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
    'and the audit finds nothing wrong': async () => expectAuditClean(await crashed()),
  };
}

function expectCrashed({ lines, exit }: Crash, order: CrashOrder): void {
  expect(exit).toEqual({ code: null, signal: 'SIGKILL' });
  expect(lines).toContain(reachedLine(order));
}

async function expectUnharmed({ environment, databaseDir, endings }: Crash, order: CrashOrder): Promise<void> {
  const { orderId, point, guarantee } = order;
  const ending = endings.get(orderId);
  if (ending?.status !== 'fulfilled') throw ending?.reason;
  const { ticketId, voidedTicketIds } = resultOf(ending.value);
  const tickets = Math.max(1, initialTickets(point));
  expect({
    orderId,
    voided: voidedTicketIds.length,
    lateWatches: started(await environment.history(orderId)).length,
    ...(await orderOnDisk(databaseDir, orderId)),
  }).toEqual({
    orderId,
    lateWatches: guarantee === 'none' && STAYS_UNKNOWN.includes(point) ? 1 : 0,
    guarantee: guarantee ?? (KEEPS_ITS_GUARANTEE.includes(point) ? GUARANTEE.before : GUARANTEE.after),
    tickets,
    live: [ticketId],
    voided: tickets - 1,
    // The next start has removed what was not yet in place.
    temporaryFiles: 0,
    createsReceived: tickets + (NEEDS_A_SECOND_CREATE.includes(point) ? 1 : 0),
    // The line that a crash prevented is written when the ticket is found.
    commitLines: tickets,
  });
}

/** The order was held at its failpoint and not after it: that task or activity was never reported to Temporal. */
async function expectUnreported({ environment }: Crash, { orderId, point }: CrashOrder): Promise<void> {
  const what = point.split('.')[0];
  const unreported = unreportedIn(await environment.history(orderId));
  expect({ orderId, unreported }).toEqual({
    orderId,
    unreported: expect.arrayContaining([what === 'task' ? 'workflow task' : `${what}Ticket`]),
  });
}

async function expectAuditClean({ databaseDir, orders }: Crash): Promise<void> {
  const { counts, problems } = await auditDatabase(databaseDir);
  expect(counts).toMatchObject({ orders: orders.length, exactlyOne: orders.length, duplicates: 0, missing: 0 });
  expect(problems).toEqual([]);
}

testConcurrently({
  'after a crash of a worker an order of each guarantee ends with exactly one ticket, at': testsOf('worker', () =>
    crashWorker(closing),
  ),
  'after a crash of the ticket system an order of each guarantee ends with exactly one ticket, at': testsOf(
    'ticket system',
    () => crashTicketSystem(closing),
  ),
});
