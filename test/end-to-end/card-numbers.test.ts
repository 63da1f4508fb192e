import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { paymentInfoOf } from '../../src/services/ticket-system/generated-values.ts';
import { startTicketSystem } from '../../src/services/ticket-system/ticket-system.fixture.ts';
import { changesBody, changesResponse, refuses } from './behaviours.ts';
import { CARD_NUMBER } from './in-memory-ticket-system.ts';
import { expectExactlyOne } from './order-assertions.ts';
import { createOrderEnvironment, createScriptedEnvironment } from './order-environment.ts';
import type { TicketSystemBehaviour } from './scripted-ticket-system.ts';
import { storedOf } from './stored-in-temporal.ts';
import { startWorkerProcess } from './worker-process.ts';
import { resultOf } from './workflow-endings.ts';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A card number of which at least half is visible. */
const VISIBLE = /VISA-\d{4}-\d{4}/;

async function filesIn(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return (await Promise.all(files.map(({ parentPath, name }) => readFile(path.join(parentPath, name), 'utf8')))).join();
}

test('no card number is in a history, a log or a file, even when responses are malformed', async () => {
  const system = await startTicketSystem({ guarantee: 'none' });
  closers.push(system.stop);
  const url = await system.app.listen({ host: '127.0.0.1', port: 0 });
  system.fault({ point: 'vault', kind: 'malformed-json' }, { point: 'create.after-commit', kind: 'malformed-json' });
  const environment = await createOrderEnvironment(url, { withWorker: false });
  closers.push(environment.close);
  const worker = await startWorkerProcess({
    ...environment,
    temporalAddress: environment.address,
    ticketSystemUrl: url,
  });
  const orderIds = [environment.orderId('one'), environment.orderId('two')];
  await Promise.all(orderIds.map(environment.submit));
  const endings = await Promise.all(orderIds.map(environment.ending));

  const seen = [
    ...(await Promise.all(orderIds.map((orderId) => storedOf(environment, orderId)))),
    await filesIn(system.databaseDir),
  ];
  const cards = endings.map((ending) => paymentInfoOf(resultOf(ending).reservationId));
  await worker.child.stop(20_000);

  const all = [...seen, ...worker.lines].join('\n');
  // The search finds what is there: the masked numbers.
  expect(seen.at(-1)).toContain('VISA-****-****-****-');
  expect(all).toContain(orderIds[0]);
  expect(all).not.toMatch(VISIBLE);
  for (const card of cards) {
    expect(all).not.toContain(card);
    expect(all).not.toContain(card.slice('VISA-'.length));
  }
});

test('card numbers that a ticket system puts into ids, codes and headers reach no history and no log', async () => {
  // With idempotency keys a create is repeated without settling.
  const environment = await createScriptedEnvironment('idempotency-key', { withWorker: false });
  closers.push(environment.close);
  const { tickets } = environment;
  const worker = await startWorkerProcess({
    ...environment,
    temporalAddress: environment.address,
    ticketSystemUrl: tickets.url,
  });
  const digits = CARD_NUMBER.replace(/\D/g, '');
  const unmasks: TicketSystemBehaviour = changesBody((list) => ({
    ...list,
    tickets: [list.tickets].flat().map((ticket) => ({ ...Object(ticket), paymentInfo: CARD_NUMBER })),
  }));
  const failsWithCard: TicketSystemBehaviour = changesResponse(() => ({
    status: 500,
    body: { error: `no money on ${CARD_NUMBER}`, code: `CARD_${digits}` },
    headers: { location: `/${CARD_NUMBER}`, 'retry-after': CARD_NUMBER },
  }));
  const plain: TicketSystemBehaviour = changesResponse(() => ({ body: CARD_NUMBER }));
  const listsWith = (change: object): TicketSystemBehaviour =>
    changesBody((list, { orderId }) => ({
      ...list,
      tickets: [
        {
          ...{ orderId, reservationId: `R-${orderId}`, ticketId: 'TICKET-1', paymentInfo: CARD_NUMBER },
          ...{ createdAt: '2026-01-01T00:00:00.000Z', voided: false, ...change },
        },
      ],
    }));
  const orderId = environment.orderId('repeats');
  // Temporal keeps the last failure before an activity succeeds: the one whose message quotes a response comes last.
  tickets.script(
    'reservation',
    orderId,
    failsWithCard,
    plain,
    changesBody((reservation) => ({ ...reservation, reservationId: CARD_NUMBER })),
    changesBody((reservation) => ({ ...reservation, orderId: CARD_NUMBER })),
  );
  tickets.script(
    'vault',
    orderId,
    failsWithCard,
    changesResponse(() => ({ body: `{"paymentInfo": "${CARD_NUMBER}-1"` })),
  );
  tickets.script('list', orderId, failsWithCard, plain, listsWith({ ticketId: CARD_NUMBER }));
  tickets.script('list', orderId, listsWith({ reservationId: CARD_NUMBER }), listsWith({ orderId: CARD_NUMBER }));
  tickets.break('list', orderId, unmasks);
  tickets.script('create', orderId, refuses(422, `CARD_${digits}`));
  tickets.script('create', orderId, (call) =>
    call.send({ status: 422, body: { error: CARD_NUMBER, code: CARD_NUMBER } }),
  );
  tickets.script('create', orderId, failsWithCard);
  await environment.submit(orderId);
  const ending = await environment.quiescence(orderId);
  expectExactlyOne(tickets, orderId, ending);
  const stored = await storedOf(environment, orderId);
  await worker.child.stop(20_000);

  const all = [stored, ...worker.lines].join('\n');
  expect(all).toContain(orderId);
  expect(all).not.toMatch(VISIBLE);
  expect(all).not.toContain(CARD_NUMBER.slice('VISA-'.length));
  expect(all).not.toContain(digits);
});
