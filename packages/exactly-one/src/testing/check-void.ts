import { voidResultOf } from '../activities/void-item.ts';
import type { VoidResult } from '../protocol/items.ts';
import type { FaultKind } from './faults.ts';
import { type Bench, callOf, type Settled, settled, type WrongFunction } from './function-bench.ts';

const THROW = 'throw unless the service confirms that the item is voided: the void is then repeated';
const KEEPER =
  'void only while the item to keep is live, else return keeper-not-live; if the service cannot check it, set listBeforeVoid';

const ERRORS: readonly (readonly [FaultKind, string])[] = [
  ['error', 'a response with status 500'],
  ['not found', 'a response with status 404'],
  ['reset', 'a connection that was reset'],
];

/** Calls `void` alone. */
export async function checkVoid<Input, Exchange>(bench: Bench<Input, Exchange>): Promise<readonly WrongFunction[]> {
  if (bench.functions.void === undefined) {
    return bench.guarantee === 'none'
      ? wrong('is missing', 'a service without a guarantee can make a second item, which must be voided')
      : [];
  }
  const checks = [
    checkRepeated(bench),
    ...ERRORS.map(([kind, what]) => checkError(bench, kind, what)),
    ...(bench.functions.listBeforeVoid === true ? [] : [checkKeeper(bench)]),
    checkNoKeeper(bench),
    checkTooLate(bench),
  ];
  return (await Promise.all(checks)).flat();
}

function wrong(did: string, right: string): readonly WrongFunction[] {
  return [{ name: 'void', did, right }];
}

function voidItem<Input, Exchange>(
  bench: Bench<Input, Exchange>,
  orderId: string,
  {
    itemId,
    keep,
    mayStillBeSent = () => true,
  }: { itemId: string; keep: string | null; mayStillBeSent?: () => boolean },
): Promise<Settled<VoidResult | undefined>> {
  const call = callOf(orderId, bench, { mayStillBeSent });
  return settled(async () => {
    const returned = await bench.functions.void?.(bench.inputOf(orderId), itemId, keep, call);
    return returned === undefined ? undefined : voidResultOf(returned, itemId);
  });
}

/** An order with two live items: the one to keep and a surplus one. */
function surplus<Input, Exchange>(bench: Bench<Input, Exchange>, faults: Parameters<typeof bench.newOrder>[0] = {}) {
  const orderId = bench.newOrder(faults);
  const { store } = bench.service;
  const keep = store.make(orderId).itemId;
  const { itemId } = store.make(orderId);
  return { orderId, keep, itemId, isLive: (id: string) => store.live(orderId).includes(id) };
}

async function checkRepeated<Input, Exchange>(bench: Bench<Input, Exchange>): Promise<readonly WrongFunction[]> {
  const { orderId, keep, itemId, isLive } = surplus(bench);
  for (const [time, right] of [
    ['', 'return voided once the item is voided'],
    [' when it was called again', 'a void that is repeated does no harm and returns voided again'],
  ] as const) {
    const result = await voidItem(bench, orderId, { itemId, keep });
    if (!isLive(keep)) return wrong(`voided the item to keep${time}`, 'void the item that it is given, and no other');
    if (result.kind !== 'returned' || result.value !== 'voided') return wrong(`${what(result)}${time}`, right);
    if (isLive(itemId)) return wrong(`returned voided${time} although the item is still live`, THROW);
  }
  return [];
}

async function checkError<Input, Exchange>(
  bench: Bench<Input, Exchange>,
  kind: FaultKind,
  response: string,
): Promise<readonly WrongFunction[]> {
  const { orderId, keep, itemId, isLive } = surplus(bench, { 'void.before': { kind } });
  const result = await voidItem(bench, orderId, { itemId, keep });
  return result.kind === 'threw' || !isLive(itemId)
    ? []
    : wrong(`${what(result)} after ${response}, without effect`, THROW);
}

async function checkKeeper<Input, Exchange>(bench: Bench<Input, Exchange>): Promise<readonly WrongFunction[]> {
  const { orderId, keep, itemId, isLive } = surplus(bench);
  bench.service.store.void(orderId, keep);
  const result = await voidItem(bench, orderId, { itemId, keep });
  if (!isLive(itemId)) return wrong('voided an item although the item to keep was not live', KEEPER);
  const isRight = result.kind === 'returned' && result.value === 'keeper-not-live';
  return isRight ? [] : wrong(`${what(result)} when the item to keep was not live`, KEEPER);
}

async function checkNoKeeper<Input, Exchange>(bench: Bench<Input, Exchange>): Promise<readonly WrongFunction[]> {
  const { orderId, itemId, isLive } = surplus(bench);
  const result = await voidItem(bench, orderId, { itemId, keep: null });
  const isRight = result.kind === 'returned' && result.value === 'voided' && !isLive(itemId);
  return isRight
    ? []
    : wrong(`${what(result)} when no item is to be kept`, 'keep is null when an order is cancelled: void the item');
}

async function checkTooLate<Input, Exchange>(bench: Bench<Input, Exchange>): Promise<readonly WrongFunction[]> {
  const { orderId, itemId } = surplus(bench);
  await voidItem(bench, orderId, { itemId, keep: null, mayStillBeSent: () => false });
  return bench.voids(itemId) === 0
    ? []
    : wrong(
        'sent its request although call.mayStillBeSent() was false, so after its deadline',
        'ask call.mayStillBeSent() when the connection exists, immediately before the request is written',
      );
}

function what(result: Settled<unknown>): string {
  if (result.kind === 'did not end') return 'did not end in time';
  return result.kind === 'threw' ? `threw ${result.error}` : `returned ${result.value}`;
}
