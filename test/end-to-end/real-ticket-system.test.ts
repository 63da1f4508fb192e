import { cp, mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect } from '@jest/globals';
import { GUARANTEES, type Guarantee } from 'exactly-one';
import { PROJECT_FOLDER } from '../../src/platform/processes/project-folder.ts';
import { createFaultPlan } from '../../src/services/faults/fault-plan.ts';
import { TICKET_SYSTEM_PRESETS } from '../../src/services/faults/ticket-system-faults.ts';
import { startTicketSystem } from '../../src/services/ticket-system/ticket-system.fixture.ts';
import { eachOf, testConcurrently } from '../../testbed/concurrent-tests.ts';
import { createOrderEnvironment, within } from './order-environment.ts';
import { resultOf } from './workflow-endings.ts';

const ORDERS = 4;
const SAMPLE = path.join(PROJECT_FOLDER, 'database');
/** Short, because the hostile preset never responds to many creates. */
const CREATE_DEADLINE_MS = 1_500;
/** The hostile preset commits as late as 2.6 s after a create was received, and a busy machine later than that. */
const LATE_WATCH_MS = [800, 4_000];

async function createRealEnvironment(
  guarantee: Guarantee,
  preset: keyof typeof TICKET_SYSTEM_PRESETS,
  databaseDir?: string,
) {
  const faultPlan = createFaultPlan(TICKET_SYSTEM_PRESETS, { seed: 112_358, preset });
  const system = await startTicketSystem({
    ...{ guarantee, faultPlan, tokenTtlMs: 2_000 },
    ...(databaseDir === undefined ? {} : { databaseDir }),
  });
  const url = await system.app.listen({ host: '127.0.0.1', port: 0 });
  const environment = await createOrderEnvironment(url, {
    createDeadlineMs: CREATE_DEADLINE_MS,
    lateWatchMs: LATE_WATCH_MS,
  });
  return {
    ...environment,
    system,
    async close() {
      await environment.close();
      await system.stop();
    },
  };
}

const environments: Awaited<ReturnType<typeof createRealEnvironment>>[] = [];

async function inRealEnvironment(...options: Parameters<typeof createRealEnvironment>) {
  const environment = await createRealEnvironment(...options);
  environments.push(environment);
  return environment;
}

let sampleDir: string;
beforeAll(async () => {
  sampleDir = await mkdtemp(path.join(tmpdir(), 'sample-order-'));
  for (const folder of ['tickets', 'reservations']) {
    await cp(path.join(SAMPLE, folder), path.join(sampleDir, folder), { recursive: true });
  }
});
afterAll(async () => {
  for (const environment of environments.reverse()) await environment.close();
});

testConcurrently({
  'with the real ticket system under the hostile preset, every order ends with exactly one ticket under the guarantee':
    eachOf(Object.fromEntries(GUARANTEES.map((guarantee) => [guarantee, guarantee])), async (guarantee) => {
      const { system, submit, quiescence } = await inRealEnvironment(guarantee, 'hostile');
      // Faults depend on the seed and the order ids; with fixed ids they are the same in every run.
      const orderIds = Array.from({ length: ORDERS }, (_, index) => `${guarantee}-${index}`);
      await Promise.all(orderIds.map(submit));
      const results = (await Promise.all(orderIds.map(quiescence))).map(resultOf);
      await within('the ticket system to have nothing in flight', async () => (await system.audit()).inFlight === 0);
      expect(await system.audit()).toMatchObject({
        ...{ orders: ORDERS, exactlyOne: ORDERS, duplicates: 0, missing: 0 },
      });
      for (const { orderId, reservationId, ticketId } of results) {
        const file = path.join(system.databaseDir, 'tickets', orderId, `${reservationId}-${ticketId}.json`);
        expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ orderID: orderId, ticketID: ticketId });
        expect(await readdir(path.dirname(file))).not.toContain(`${reservationId}-${ticketId}.void.json`);
      }
    }),

  'the sample order': {
    async 'already has its ticket, and submitting it creates none'() {
      const { system, submit, quiescence } = await inRealEnvironment('none', 'calm', sampleDir);
      await submit('order-112358');
      expect(resultOf(await quiescence('order-112358'))).toEqual({
        orderId: 'order-112358',
        reservationId: '108345-ASDFQWERTY',
        ticketId: 'TICKET-42618',
        createAttempts: 0,
        voidedTicketIds: [],
      });
      expect(await system.audit()).toMatchObject({ orders: 1, exactlyOne: 1, sends: 0 });
    },
  },
});
