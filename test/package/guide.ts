import { type Faults, httpService, startScriptedService } from 'exactly-one/testing';
import { startChild } from '../../src/platform/processes/start-child.ts';
import { waitUntil } from '../../src/platform/processes/wait-until.ts';
import { runCommand } from './run-command.ts';

const WITHIN_MS = 120_000;
/** An order of this name gets no list, so it stays open. */
const WITHOUT_LIST = /^booking-[23]$/;

/** The hotel of the guide, so that its worker has something to call. */
function startHotel(faults: Faults, onList: (orderId: string) => void) {
  return startScriptedService({
    ...httpService({
      create: 'POST /rooms',
      orderIdField: 'reference',
      list: 'GET /rooms?reference=:orderId',
      void: 'DELETE /rooms/:itemId',
      item: ({ itemId, orderId, createdAtMs, voided }) => ({
        ...{ id: itemId, reference: orderId, cancelled: voided },
        booked: new Date(createdAtMs),
      }),
      items: (rooms, { asOfMs }) => ({ rooms, asOf: new Date(asOfMs) }),
    }),
    guarantee: 'none',
    faults,
    onOperation(operation) {
      if (operation.kind === 'list') onList(operation.orderId);
    },
  });
}

/** In parts, since this project does not import it. */
const FROM_VITEST = ['import { expect, test }', "'vitest';"].join(' from ');

/** The hotel of the guide wants tokens: each of its three functions is checked with them. */
const TOKENS_TEST = `
import { checkFunctions, httpService } from 'exactly-one/testing';
${FROM_VITEST}
import { createHotelWithTokens } from './hotel-with-tokens.mjs';

const rooms = httpService({
  create: 'POST /rooms',
  orderIdField: 'reference',
  list: 'GET /rooms?reference=:orderId',
  void: 'DELETE /rooms/:itemId',
  item: ({ itemId, orderId, createdAtMs, voided }) =>
    ({ id: itemId, reference: orderId, booked: new Date(createdAtMs), cancelled: voided }),
  items: (rooms, { asOfMs }) => ({ rooms, asOf: new Date(asOfMs) }),
});
const token = { token: 't-1', expiresAt: new Date(Date.now() + 3_600_000) };
const service = {
  ...rooms,
  operationOf(request) {
    if (request.url.pathname === '/tokens') return { kind: 'other', response: { status: 201, body: token } };
    const operation = rooms.operationOf(request);
    if (operation?.kind === 'create') expect(request.headers.authorization).toBe('Bearer t-1');
    return operation;
  },
};

test('a create sends its token', async () => {
  const functions = (url) => createHotelWithTokens(url).functions;
  await checkFunctions({ functions, service, guarantee: 'none', input: () => ({ guest: 'Ada' }) });
}, 60_000);
`;

/** Tests of what the guide shows and does not test itself. */
export const MORE_TESTS: Readonly<Record<string, string>> = { 'tokens.test.mjs': TOKENS_TEST };

/** The tests of the guide, for jest. */
export function testsForJest(files: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const tests = Object.entries(files).filter(([name]) => name.endsWith('.test.mjs'));
  return Object.fromEntries(tests.map(([name, text]) => [name, text.replace("'vitest'", "'@jest/globals'")]));
}

/**
 * Runs the worker and the commands of the guide: an order that ends by itself, one that a person resolves, and one that is
 * given up.
 */
export async function runGuideOrders(
  folder: string,
  temporalAddress: string,
  commands: readonly string[],
): Promise<void> {
  const listed = new Set<string>();
  const hotel = await startHotel(
    { decide: (point, orderId) => (point === 'list' && WITHOUT_LIST.test(orderId) ? { kind: 'error' } : undefined) },
    (orderId) => listed.add(orderId),
  );
  const env = { ...process.env, TEMPORAL_ADDRESS: temporalAddress, SERVICE_URL: hotel.url };
  const node = (line: string) => runCommand('node', line.split(' ').slice(1), folder, env);
  const worker = await startChild({ name: 'the worker', command: 'node', args: ['worker.mjs'], cwd: folder, env });
  try {
    const [book = '', resolve = '', giveUp = ''] = commands.filter((line) => line.startsWith('node '));
    mustPrint(await node(book), /^booking-1 started: \{"itemId":"ITEM-/);
    const open = ['booking-2', 'booking-3'].map((orderId) => node(`node book.mjs ${orderId} Bob`));
    for (const each of open) each.catch(() => undefined);
    await waitUntil(() => listed.has('booking-2') && listed.has('booking-3'), {
      what: 'two orders to ask for their lists',
      timeoutMs: WITHIN_MS,
    });
    mustPrint(await node(resolve), /^booking-2 has room-7$/);
    mustPrint(await node(giveUp), /^given up: booking-3$/);
    const [resolved, givenUp] = await Promise.allSettled(open);
    if (resolved?.status !== 'fulfilled')
      throw new Error('the order that was resolved has failed', { cause: resolved });
    mustPrint(resolved.value, /^booking-2 started: \{"itemId":"room-7"\}$/);
    if (givenUp?.status !== 'rejected') throw new Error('the order that was given up has completed');
  } finally {
    await worker.kill();
    await hotel.close();
  }
}

function mustPrint(lines: readonly string[], wanted: RegExp): void {
  if (lines.some((line) => wanted.test(line))) return;
  throw new Error(`nothing printed fits ${wanted}:\n${lines.join('\n')}`);
}
