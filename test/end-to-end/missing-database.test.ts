import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from '@jest/globals';
import { GUARANTEES, type Guarantee } from 'exactly-one';
import { startTicketSystem } from '../../src/services/ticket-system/ticket-system.fixture.ts';
import { eachOf, testConcurrently } from '../../testbed/concurrent-tests.ts';
import { createOrderEnvironment, TIMINGS } from './order-environment.ts';
import { resultOf } from './workflow-endings.ts';

/** Runs a test with a ticket system whose database folder can be moved away. */
async function withDatabase(
  guarantee: Guarantee,
  run: (given: {
    readonly system: Awaited<ReturnType<typeof startTicketSystem>>;
    readonly environment: Awaited<ReturnType<typeof createOrderEnvironment>>;
    readonly part: (name: string) => { moveAway(): Promise<void>; putBack(): Promise<void> };
  }) => Promise<void>,
): Promise<void> {
  const parent = await mkdtemp(path.join(tmpdir(), 'missing-database-'));
  const databaseDir = path.join(parent, 'database');
  await mkdir(databaseDir);
  const system = await startTicketSystem({ databaseDir, guarantee });
  const environment = await createOrderEnvironment(await system.app.listen({ host: '127.0.0.1', port: 0 }));
  const part = (name: string) => ({
    moveAway: () => rename(path.join(databaseDir, name), path.join(parent, 'away')),
    putBack: () => rename(path.join(parent, 'away'), path.join(databaseDir, name)),
  });
  try {
    await run({ system, environment, part });
  } finally {
    await environment.close();
    await system.app.close();
    await rm(parent, { recursive: true });
  }
}

testConcurrently({
  'an order whose ticket system has lost its database': {
    async 'waits, says why, and completes when the database is back'() {
      await withDatabase('none', async ({ system, environment, part }) => {
        const orderId = environment.orderId('before');
        await part('').moveAway();
        await environment.submit(orderId);
        await environment.untilOrder(orderId, 'its reason for waiting', async () => {
          const { raw } = await environment.client.workflow.getHandle(orderId).describe();
          return JSON.stringify(raw.pendingActivities).includes('DATABASE_MISSING');
        });
        await part('').putBack();
        expect(resultOf(await environment.quiescence(orderId))).toMatchObject({ createAttempts: 1 });
        expect(await system.audit()).toMatchObject({ orders: 1, exactlyOne: 1, sends: 1 });
      });
    },
    ...eachOf(
      Object.fromEntries(
        GUARANTEES.map((guarantee) => [`after it had committed its ticket keeps it: ${guarantee}`, guarantee]),
      ),
      async (guarantee) => {
        await withDatabase(guarantee, async ({ system, environment, part }) => {
          const orderId = environment.orderId(guarantee);
          // Committed, but the order does not learn of it.
          system.fault({ point: 'create.after-commit', kind: 'delay', delayMs: TIMINGS.createDeadlineMs });
          await environment.submit(orderId);
          await environment.untilOrder(orderId, 'its ticket', async () => (await system.audit()).commits === 1);
          await part('tickets').moveAway();
          await environment.untilOrder(orderId, 'an outcome', async () => {
            const { outcomes } = await environment.progress(orderId);
            return outcomes.length > 0;
          });
          await environment.untilOrder(orderId, 'its reason for waiting', async () => {
            const { raw } = await environment.client.workflow.getHandle(orderId).describe();
            return JSON.stringify(raw.pendingActivities).includes('DATABASE_MISSING');
          });
          system.fault();
          await part('tickets').putBack();
          expect(resultOf(await environment.quiescence(orderId))).toMatchObject({ orderId, voidedTicketIds: [] });
          expect(await system.audit()).toMatchObject({ orders: 1, exactlyOne: 1, duplicates: 0, commits: 1 });
        });
      },
    ),
  },
});
