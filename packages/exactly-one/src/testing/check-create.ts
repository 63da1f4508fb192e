import { NotSent } from '../activities/thrown-by-functions.ts';
import { quoted } from '../contract/quoted.ts';
import type { CreateOutcome } from '../protocol/create-outcome.ts';
import type { FaultKind, FaultPoint } from './faults.ts';
import { type Bench, callOf, LIMIT_MS, type Settled, settled, type WrongFunction } from './function-bench.ts';
import { withoutFullStop } from './order-end.ts';

const ONE_REQUEST =
  'one request for each call, whatever comes of it: no retry of any layer, since the first request may still commit';
const REPORT =
  'report the exchange and let the outcome table decide; only a response of which you know that nothing was made may reject, and NotSent is for a request of which nothing was written';
const NOT_THE_LAST =
  'report what came of the request that was sent; do not try again, since a second attempt without time left hides the first one';
const ASK =
  'ask call.mayStillBeSent() when the connection exists, immediately before the request is written, as sendRequest of exactly-one/http does';
const ACCEPTED =
  'report the operation of a 202, so that it counts as accepted: nothing is made yet, and nobody knows whether it will be';
const END = 'end within call.timeoutMs, and when call.signal is aborted';

/** How long a create may take that gets no response: longer than a client waits that then tries again. */
const HANG_TIMEOUT_MS = 1_500;
/** How much longer it may take to end, on a busy machine. */
const GRACE_MS = 6_000;
/** When an accepted create is said to be ready. */
const READY_IN_MS = 60_000;

/** What each of these faults leaves unknown. */
const UNKNOWN: readonly (readonly [FaultPoint, FaultKind, string])[] = [
  ['create.before', 'error', 'a response with status 500'],
  ['create.before', 'not found', 'a response with status 404'],
  ['create.before', 'mistyped', 'a response with status 200 and an empty object'],
  ['create.before', 'reset', 'a connection that was reset'],
  ['create.before', 'hang', 'no response'],
  ['create.before', 'error with item', 'a response with status 500 and the item of a create without effect'],
  ['create.after', 'error with item', 'a response with status 500 and the item that it had made'],
  ['create.after', 'truncated', 'a response that was cut off'],
  ['create.after', 'malformed', 'a response that is no JSON'],
];

/** Calls `create` alone. */
export async function checkCreate<Input, Exchange>(bench: Bench<Input, Exchange>): Promise<readonly WrongFunction[]> {
  const checks = [
    checkSuccess(bench),
    ...(bench.accepts === 'none' ? [] : [checkAccepted(bench)]),
    ...UNKNOWN.map(([point, kind, what]) => checkUnknown(bench, point, kind, what)),
    ...(['create.before', 'create.after'] as const).map((point) => checkAcceptedWithItem(bench, point)),
    ...(bench.rejects ? [checkRejected(bench)] : []),
    checkRedirect(bench),
    checkTooLate(bench),
    checkTooLateWhenConnected(bench),
    checkSignal(bench),
  ];
  return (await Promise.all(checks)).flat();
}

function wrong(did: string, right: string): readonly WrongFunction[] {
  return [{ name: 'create', did, right }];
}

async function checkSuccess<Input, Exchange>(bench: Bench<Input, Exchange>): Promise<readonly WrongFunction[]> {
  const orderId = bench.newOrder();
  const call = callOf(orderId, bench);
  const result = await settled(() => bench.functions.create(bench.inputOf(orderId), call));
  const [first, second] = bench.creates(orderId);
  if (first === undefined) {
    return wrong(
      `sent no create of order ${orderId} that the mapping of the service recognizes${thrown(result)}`,
      'send the create with the order id of the call, and map its route in operationOf',
    );
  }
  if (second !== undefined) {
    const status = bench.accepts === 'all' ? 202 : 201;
    return wrong(`sent a second request after a response with status ${status}`, ONE_REQUEST);
  }
  if (bench.guarantee !== 'none' && first.deadlineMs !== call.deadlineMs) {
    return wrong(
      `sent the deadline ${first.deadlineMs} instead of call.deadlineMs, ${call.deadlineMs}`,
      `send call.deadlineMs unchanged, because the guarantee is ${bench.guarantee}`,
    );
  }
  if (bench.guarantee === 'idempotency-key' && first.key !== call.idempotencyKey) {
    return wrong(
      `sent the key ${first.key} instead of call.idempotencyKey, ${call.idempotencyKey}`,
      'send call.idempotencyKey unchanged, because the guarantee is idempotency-key',
    );
  }
  // Then there is no response with an item.
  if (bench.accepts === 'all') return [];
  const [itemId] = bench.service.store.live(orderId);
  const outcome = nameOf(outcomeOf(bench, orderId, result));
  return outcome === `committed ${itemId}`
    ? []
    : wrong(
        `made item ${itemId}, but what it reported counts as ${outcome}`,
        'report the item of a complete response, so that it counts as committed',
      );
}

async function checkUnknown<Input, Exchange>(
  bench: Bench<Input, Exchange>,
  point: FaultPoint,
  kind: FaultKind,
  what: string,
  hangTimeoutMs = HANG_TIMEOUT_MS,
): Promise<readonly WrongFunction[]> {
  const orderId = bench.newOrder({ [point]: { kind } });
  const hangs = kind === 'hang';
  const call = callOf(orderId, bench, hangs ? { timeoutMs: hangTimeoutMs } : {});
  const sentAgain = () => bench.creates(orderId).length > 1;
  const result = await settled(() => bench.functions.create(bench.inputOf(orderId), call), {
    ...(hangs ? { limitMs: hangTimeoutMs + GRACE_MS } : {}),
    isOver: sentAgain,
  });
  if (sentAgain()) {
    return wrong(
      `sent ${bench.creates(orderId).length} requests in one call, the second one after ${what}`,
      ONE_REQUEST,
    );
  }
  if (result.kind === 'did not end') return wrong(`did not end in time after ${what}`, END);
  const outcome = nameOf(outcomeOf(bench, orderId, result));
  if (outcome === 'unknown') return [];
  // On a busy machine its time may be over before it has sent anything.
  if (outcome === 'not sent' && bench.creates(orderId).length === 0) {
    return hangs && hangTimeoutMs < LIMIT_MS ? checkUnknown(bench, point, kind, what, 2 * hangTimeoutMs) : [];
  }
  return hangs && outcome === 'not sent'
    ? wrong('sent a request that got no response, and then reported that it had not sent one', NOT_THE_LAST)
    : wrong(`reported ${what} so that it counts as ${outcome}`, REPORT);
}

/** The service accepts the create, and never finishes it. */
async function checkAccepted<Input, Exchange>(bench: Bench<Input, Exchange>): Promise<readonly WrongFunction[]> {
  const orderId = bench.newOrder({ 'create.late': { kind: 'accept in vain', delayMs: READY_IN_MS } });
  const result = await settled(() => bench.functions.create(bench.inputOf(orderId), callOf(orderId, bench)));
  const operation = bench.accepted(orderId);
  // A function that sends nothing has been found already.
  if (operation === undefined) return [];
  if (bench.creates(orderId).length > 1) {
    return wrong('sent a second request after a response with status 202', ONE_REQUEST);
  }
  const outcome = outcomeOf(bench, orderId, result);
  if (outcome.kind !== 'accepted') {
    return wrong(`reported a response with status 202 so that it counts as ${nameOf(outcome)}`, ACCEPTED);
  }
  const { reference, readyAtMs = operation.readyAtMs } = outcome;
  if (reference !== operation.reference) {
    return wrong(`reported ${reference} as the reference of operation ${operation.reference}`, ACCEPTED);
  }
  // A service may give whole seconds.
  return Math.abs(readyAtMs - operation.readyAtMs) <= 1_000
    ? []
    : wrong(
        `reported ${readyAtMs} as readyAtMs of an operation that is to be ready at ${operation.readyAtMs}`,
        'report epoch milliseconds, or no readyAtMs',
      );
}

/** A 202 with an item is not a promise that the item exists. */
async function checkAcceptedWithItem<Input, Exchange>(
  bench: Bench<Input, Exchange>,
  point: 'create.before' | 'create.after',
): Promise<readonly WrongFunction[]> {
  const orderId = bench.newOrder({ [point]: { kind: 'accepted with item' } });
  const result = await settled(() => bench.functions.create(bench.inputOf(orderId), callOf(orderId, bench)));
  const outcome = outcomeOf(bench, orderId, result);
  const item = point === 'create.before' ? 'the item of a create without effect' : 'the item that it had made';
  return outcome.kind === 'committed' || outcome.kind === 'rejected'
    ? wrong(`reported a response with status 202 and ${item} so that it counts as ${outcome.kind}`, ACCEPTED)
    : [];
}

/** An order that nobody rejects is tried again for ever. */
async function checkRejected<Input, Exchange>(bench: Bench<Input, Exchange>): Promise<readonly WrongFunction[]> {
  const orderId = bench.newOrder({ 'create.before': { kind: 'refusal' } });
  const result = await settled(() => bench.functions.create(bench.inputOf(orderId), callOf(orderId, bench)));
  const response = bench.refusal(orderId);
  // A function that sends nothing has been found already. Other statuses reject nothing.
  if (response === undefined || response.status < 400 || response.status >= 500) return [];
  const outcome = outcomeOf(bench, orderId, result);
  if (outcome.kind === 'rejected') return [];
  const why = 'reason' in outcome ? ` (${withoutFullStop(outcome.reason)})` : '';
  return wrong(
    `reported the response that rejects an order, ${response.status} ${quoted(response.body)}, so that it counts as ${nameOf(outcome)}${why}`,
    'let outcomes.read return the error code of a body without an item, and not throw; name the code in rejecting of httpOutcomes',
  );
}

async function checkRedirect<Input, Exchange>(bench: Bench<Input, Exchange>): Promise<readonly WrongFunction[]> {
  const orderId = bench.newOrder({ 'create.before': { kind: 'redirect' } });
  const followed = () => bench.redirected() > 0;
  await settled(() => bench.functions.create(bench.inputOf(orderId), callOf(orderId, bench)), { isOver: followed });
  return followed() ? wrong('followed a redirect (307), so it sent a second request', ONE_REQUEST) : [];
}

async function checkTooLate<Input, Exchange>(bench: Bench<Input, Exchange>): Promise<readonly WrongFunction[]> {
  const orderId = bench.newOrder();
  const call = callOf(orderId, bench, { mayStillBeSent: () => false });
  await settled(() => bench.functions.create(bench.inputOf(orderId), call));
  return bench.creates(orderId).length === 0
    ? []
    : wrong('sent its request although call.mayStillBeSent() was false, so after its deadline', ASK);
}

/** The time is over as soon as the function has to wait, so before any connection exists. */
async function checkTooLateWhenConnected<Input, Exchange>(
  bench: Bench<Input, Exchange>,
): Promise<readonly WrongFunction[]> {
  const orderId = bench.newOrder();
  let isOver = false;
  let asked = 0;
  const mayStillBeSent = () => {
    asked += 1;
    return !isOver;
  };
  const ended = settled(() =>
    bench.functions.create(bench.inputOf(orderId), callOf(orderId, bench, { mayStillBeSent })),
  );
  // All of this happens before the event loop goes on, and no connection can be made meanwhile.
  for (let turn = 0; turn < 100; turn += 1) await Promise.resolve();
  isOver = true;
  await ended;
  // A function that never asks has been found already.
  if (bench.creates(orderId).length === 0 || asked === 0) return [];
  return wrong('asked call.mayStillBeSent() before it connected but not after, so it can send after its deadline', ASK);
}

async function checkSignal<Input, Exchange>(bench: Bench<Input, Exchange>): Promise<readonly WrongFunction[]> {
  const orderId = bench.newOrder({ 'create.before': { kind: 'hang' } });
  const stop = new AbortController();
  // Its time must not be over before the wait for its end.
  const limits = { signal: stop.signal, timeoutMs: 6 * LIMIT_MS };
  const ended = settled(() => bench.functions.create(bench.inputOf(orderId), callOf(orderId, bench, limits)));
  const arrived = await settled(() => ended, { isOver: () => bench.creates(orderId).length > 0 });
  if (arrived.kind !== 'did not end') return [];
  stop.abort();
  const { kind } = await settled(() => ended, { limitMs: GRACE_MS });
  return kind === 'did not end' ? wrong('did not end when call.signal was aborted', END) : [];
}

/** What it throws makes the outcome unknown. */
function outcomeOf<Input, Exchange>(
  { functions, referenceOf }: Bench<Input, Exchange>,
  orderId: string,
  result: Settled<Exchange>,
): CreateOutcome {
  if (result.kind === 'did not end') return { kind: 'unknown', reason: 'it did not end' };
  if (result.kind === 'threw') {
    return { kind: result.error instanceof NotSent ? 'not sent' : 'unknown', reason: String(result.error) };
  }
  return functions.outcomes.classify(result.value, referenceOf(orderId));
}

/** The kind of an outcome, with the item that a committed one has. */
function nameOf(outcome: CreateOutcome): string {
  return outcome.kind === 'committed' ? `committed ${outcome.itemId}` : outcome.kind;
}

function thrown(result: Settled<unknown>): string {
  return result.kind === 'threw' ? `, and threw ${result.error}` : '';
}
