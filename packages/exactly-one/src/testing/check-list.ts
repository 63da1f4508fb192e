import type { Listed } from '../activities/list-items.ts';
import type { Fault, FaultKind } from './faults.ts';
import { type Bench, callOf, type Settled, settled, type WrongFunction } from './function-bench.ts';

const THROW = 'throw: only a complete list says anything, and an error, a 404 or a part of it is never an empty list';
const AS_OF =
  'return the time that the service states, when it read the items; if it states none, the time before the request';

const HANG_TIMEOUT_MS = 1_000;
const GRACE_MS = 6_000;
/** A stale list is as of a minute ago, so that nobody takes it for fresh. */
const STALE_MS = 60_000;
const SLOW_MS = 500;
const MINUTE_MS = 60_000;
/** A service may round its times. */
const ROUNDED_MS = 100;

const PLACES = ['first', 'second', 'third'] as const;

const ERRORS: readonly (readonly [FaultKind, string])[] = [
  ['error', 'a response with status 500'],
  ['not found', 'a response with status 404'],
  ['malformed', 'a response that is no JSON'],
  ['mistyped', 'a response with an empty object'],
  ['truncated', 'a response that was cut off'],
  ['reset', 'a connection that was reset'],
  ['hang', 'no response'],
];

/** Calls `list` alone. */
export async function checkList<Input, Exchange>(bench: Bench<Input, Exchange>): Promise<readonly WrongFunction[]> {
  const checks = [
    checkItems(bench),
    checkNoItems(bench),
    ...ERRORS.map(([kind, what]) => checkError(bench, kind, what)),
    checkErrorOfLaterPage(bench),
    checkSlow(bench),
    ...(bench.listsHaveTime ? [checkStale(bench), checkRounding(bench)] : []),
  ];
  return (await Promise.all(checks)).flat();
}

function wrong(did: string, right: string): readonly WrongFunction[] {
  return [{ name: 'list', did, right }];
}

function list<Input, Exchange>(
  bench: Bench<Input, Exchange>,
  orderId: string,
  timeoutMs?: number,
): Promise<Settled<Listed>> {
  const call = callOf(orderId, bench, timeoutMs === undefined ? {} : { timeoutMs });
  return settled(
    () => bench.functions.list(bench.inputOf(orderId), call),
    timeoutMs === undefined ? {} : { limitMs: timeoutMs + GRACE_MS },
  );
}

async function checkItems<Input, Exchange>(bench: Bench<Input, Exchange>): Promise<readonly WrongFunction[]> {
  const { store } = bench.service;
  const orderId = bench.newOrder();
  const stored = [store.make(orderId), store.make(orderId), store.make(orderId)];
  store.void(orderId, stored[1]?.itemId ?? '');
  const result = await list(bench, orderId);
  if (result.kind !== 'returned') return wrong(`${failed(result)} for an order with three items`, 'return them');
  const listed = result.value.items;
  const ofOrder = bench.referenceOf(orderId);
  return store.list(orderId).items.flatMap(({ itemId, voided, createdAtMs }, index) => {
    const item = listed.find((each) => each.itemId === itemId);
    if (item === undefined) {
      return wrong(
        `${voided ? 'missed an item that had been voided' : 'missed a live item'} (the ${PLACES[index]} of 3)`,
        'return every item of the order, on all pages, voided ones too',
      );
    }
    if (item.voided !== voided) {
      return wrong(`returned voided: ${item.voided} for ${voided ? 'a voided' : 'a live'} item`, `return ${voided}`);
    }
    if (item.orderId !== ofOrder.orderId || item.reservationId !== ofOrder.reservationId) {
      return wrong(`returned an item of order ${item.orderId} for order ${orderId}`, 'return the order of the item');
    }
    // A service may give whole seconds.
    return Math.abs(item.createdAtMs - createdAtMs) <= 1_000
      ? []
      : wrong(
          `returned ${item.createdAtMs} as createdAtMs of an item made at ${createdAtMs}`,
          'return epoch milliseconds',
        );
  });
}

async function checkNoItems<Input, Exchange>(bench: Bench<Input, Exchange>): Promise<readonly WrongFunction[]> {
  const requestedAtMs = Date.now();
  const result = await list(bench, bench.newOrder());
  if (result.kind !== 'returned') return wrong(`${failed(result)} for an order without items`, 'return an empty list');
  const { items, asOfMs } = result.value;
  if (items.length > 0) return wrong(`returned ${items.length} items for an order that has none`, 'return none');
  return asOfMs >= requestedAtMs - 1_000 && asOfMs <= Date.now() + 1_000
    ? []
    : wrong(`returned ${asOfMs} as asOfMs of a list read at ${requestedAtMs}`, `return epoch milliseconds: ${AS_OF}`);
}

async function checkError<Input, Exchange>(
  bench: Bench<Input, Exchange>,
  kind: FaultKind,
  what: string,
): Promise<readonly WrongFunction[]> {
  const orderId = bench.newOrder({ list: { kind } });
  bench.service.store.make(orderId);
  const result = await list(bench, orderId, kind === 'hang' ? HANG_TIMEOUT_MS : undefined);
  if (result.kind === 'threw') return [];
  if (result.kind === 'did not end') return wrong(`did not end in time after ${what}`, 'end within call.timeoutMs');
  const { length } = result.value.items;
  return wrong(`returned ${length === 0 ? 'an empty list' : `${length} items`} after ${what}`, THROW);
}

/** A list that is read page by page ends with its last page, not with an error. */
async function checkErrorOfLaterPage<Input, Exchange>(
  bench: Bench<Input, Exchange>,
): Promise<readonly WrongFunction[]> {
  let requests = 0;
  const orderId = bench.newOrder({
    get list() {
      requests += 1;
      return requests === 2 ? ({ kind: 'error' } as const) : undefined;
    },
  });
  const stored = Array.from({ length: 3 }, () => bench.service.store.make(orderId));
  const result = await list(bench, orderId);
  // One that reads a single page has been found already.
  if (requests < 2 || result.kind !== 'returned' || result.value.items.length >= stored.length) return [];
  const { length } = result.value.items;
  return wrong(`returned ${length} of 3 items after a response with status 500 to its second request`, THROW);
}

/** The service states a time that ends with 59.999 s, so that one in whole seconds or minutes shows how much it leaves out. */
async function checkRounding<Input, Exchange>(bench: Bench<Input, Exchange>): Promise<readonly WrongFunction[]> {
  const { clockSkewMs } = bench;
  if (clockSkewMs === undefined) return [];
  const statedMs = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS - 1;
  const orderId = bench.newOrder({
    list: {
      kind: 'stale',
      get delayMs() {
        return Date.now() - statedMs;
      },
    },
  });
  const result = await list(bench, orderId);
  const readAtMs = bench.listedAsOfMs(orderId);
  if (result.kind !== 'returned' || readAtMs === undefined) return [];
  const olderMs = readAtMs - result.value.asOfMs;
  if (!(olderMs > clockSkewMs)) return [];
  return wrong(
    `returned an asOfMs ${olderMs} ms older than the time of the service, and timings.clockSkewMs allows ${clockSkewMs} ms, so an order can wait for ever`,
    'return the time that the service states; times in whole seconds need a clockSkewMs of 1000 more',
  );
}

async function checkStale<Input, Exchange>(bench: Bench<Input, Exchange>): Promise<readonly WrongFunction[]> {
  const stale: Fault = { kind: 'stale', delayMs: STALE_MS };
  const orderId = bench.newOrder({ list: stale });
  bench.service.store.make(orderId);
  const result = await list(bench, orderId);
  if (result.kind !== 'returned' || result.value.asOfMs <= Date.now() - STALE_MS / 2) return [];
  return wrong('returned a fresh asOfMs for a state that a replica had read a minute before', AS_OF);
}

/** The service reads the items at once and responds late. */
async function checkSlow<Input, Exchange>(bench: Bench<Input, Exchange>): Promise<readonly WrongFunction[]> {
  let readAtMs = Number.POSITIVE_INFINITY;
  const slow: Fault = {
    kind: 'delay',
    get until() {
      readAtMs = Date.now();
      return new Promise((resolve) => setTimeout(resolve, SLOW_MS));
    },
  };
  const result = await list(bench, bench.newOrder({ list: slow }));
  if (result.kind !== 'returned' || result.value.asOfMs <= readAtMs + ROUNDED_MS) return [];
  return wrong('returned the time of the response as asOfMs, later than the items were read', AS_OF);
}

function failed(result: Settled<unknown> & { kind: 'threw' | 'did not end' }): string {
  return result.kind === 'threw' ? `threw ${result.error}` : 'did not end in time';
}
