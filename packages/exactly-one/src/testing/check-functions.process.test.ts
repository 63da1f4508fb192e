import { describe, expect, it, test } from '@jest/globals';
import { type HttpExchange, httpOutcomes } from '../http/index.ts';
import { GUARANTEES, type Guarantee } from '../protocol/index.ts';
import { ACCEPTING_COURIER, COURIER, type Courier, createCourier } from './courier.fixture.ts';
import { checkFunctions } from './index.ts';

function check(
  change: (right: Courier, url: string) => Partial<Courier> = () => ({}),
  guarantee: Guarantee = 'none',
  service = COURIER,
) {
  return checkFunctions({
    functions: (url) => ({ ...createCourier(url), ...change(createCourier(url), url) }),
    service,
    guarantee,
    input: () => undefined,
  });
}

test.concurrent.each(GUARANTEES)('the right functions pass with the guarantee %s', async (guarantee) => {
  await expect(check(undefined, guarantee)).resolves.toBeUndefined();
});

test.concurrent.each([
  ['some creates', 'none', false],
  ['every create', 'deadline', true],
  ['every create', 'idempotency-key', true],
] as const)('so they do for a service that accepts %s, with the guarantee %s', async (_, guarantee, alwaysAccepts) => {
  await expect(check(undefined, guarantee, { ...ACCEPTING_COURIER, alwaysAccepts })).resolves.toBeUndefined();
});

/** Each changes one of the right functions. The message must name the function and what it did. */
const WRONG: Readonly<Record<string, [RegExp, (right: Courier, url: string) => Partial<Courier>]>> = {
  'a create that is sent again after no response': [
    /^- create sent 2 requests in one call, the second one after a connection that was reset\./m,
    (right) => ({
      async create(input, call) {
        const exchange = await right.create(input, call);
        return exchange.kind === 'no response' ? right.create(input, call) : exchange;
      },
    }),
  ],
  'a create that is sent again after an error of the service': [
    /^- create sent 2 requests in one call, the second one after a response with status 500\./m,
    (right) => ({
      async create(input, call) {
        const exchange = await right.create(input, call);
        return exchange.kind === 'response' && exchange.status === 500 ? right.create(input, call) : exchange;
      },
    }),
  ],
  'a create by fetch, which follows redirects': [
    /^- create followed a redirect \(307\)/m,
    (right, url) => ({
      async create(input, call) {
        if (!call.mayStillBeSent()) return right.create(input, call);
        await fetchBooking(url, call);
        return { kind: 'response', status: 500 };
      },
    }),
  ],
  'a create that never asks whether it may still be sent': [
    /^- create sent its request although call\.mayStillBeSent\(\) was false/m,
    (right) => ({ create: (input, call) => right.create(input, without(call, { mayStillBeSent: () => true })) }),
  ],
  'a create that asks before it connects': [
    /^- create asked call\.mayStillBeSent\(\) before it connected but not after/m,
    (right) => ({
      async create(input, call) {
        if (!call.mayStillBeSent()) return { kind: 'not sent', reason: 'too late' };
        return right.create(input, without(call, { mayStillBeSent: () => true }));
      },
    }),
  ],
  'a create that ignores the signal': [
    /^- create did not end when call\.signal was aborted/m,
    (right) => ({
      create: (input, call) => right.create(input, without(call, { signal: new AbortController().signal })),
    }),
  ],
  'a create that takes no response for not sent': [
    /^- create reported a connection that was reset so that it counts as not sent/m,
    (right) => ({
      async create(input, call) {
        const exchange = await right.create(input, call);
        return exchange.kind === 'no response' ? { kind: 'not sent', reason: 'reset' } : exchange;
      },
    }),
  ],
  'outcomes that do not know a code that rejects': [
    /^- create reported the response that rejects an order, 422 .* so that it counts as unknown \(the response was 422 rejected\)/m,
    () => ({ outcomes: httpOutcomes({ rejecting: ['sold out'] }) }),
  ],
  'a create that takes any item for a created one, even with an error': [
    /^- create reported a response with status 500 and the item that it had made so that it counts as committed ITEM-/m,
    (right) => ({
      async create(input, call) {
        const exchange = await right.create(input, call);
        const isItem = exchange.kind === 'response' && exchange.status === 500 && exchange.item !== undefined;
        return isItem ? { ...exchange, status: 201 } : exchange;
      },
    }),
  ],
  'a create that takes the item of a 202 for a created one': [
    /^- create reported a response with status 202 and the item that it had made so that it counts as committed/m,
    (right) => ({
      async create(input, call) {
        const exchange = await right.create(input, call);
        const isItem = exchange.kind === 'response' && exchange.status === 202 && exchange.item !== undefined;
        return isItem ? { ...exchange, status: 201 } : exchange;
      },
    }),
  ],
  'a list that is empty after an error': [
    /^- list returned an empty list after a response with status 500/m,
    (right) => ({ list: (...args) => right.list(...args).catch(() => ({ items: [], asOfMs: Date.now() })) }),
  ],
  'a list that is empty after a 404': [
    /^- list returned an empty list after a response with status 404/m,
    (right, url) => ({
      async list(input, call) {
        const { status } = await fetch(`${url}/bookings?reference=${call.orderId}`).catch(() => ({ status: 0 }));
        return status === 404 ? { items: [], asOfMs: Date.now() } : right.list(input, call);
      },
    }),
  ],
  'a list that is empty when the body is not one': [
    /^- list returned an empty list after a response with an empty object/m,
    (right) => ({
      list: (...args) =>
        right.list(...args).catch((error: Error) => {
          if (error.message !== 'no list') throw error;
          return { items: [], asOfMs: Date.now() };
        }),
    }),
  ],
  'a list of a replica that counts as fresh': [
    /^- list returned a fresh asOfMs for a state that a replica had read a minute before/m,
    (right) => ({ list: async (...args) => ({ ...(await right.list(...args)), asOfMs: Date.now() }) }),
  ],
  'a list without the voided items': [
    /^- list missed an item that had been voided/m,
    (right) => ({
      async list(...args) {
        const { items, asOfMs } = await right.list(...args);
        return { items: items.filter(({ voided }) => !voided), asOfMs };
      },
    }),
  ],
  'a void that takes an error for success': [
    /^- void returned voided after a response with status 500, without effect/m,
    (right) => ({ void: (...args) => right.void(...args).catch(() => 'voided' as const) }),
  ],
  'a void that cannot be repeated': [
    /^- void threw Error: voided already when it was called again/m,
    (right) => {
      const voided = new Set<string>();
      return {
        async void(input, itemId, keep, call) {
          if (voided.has(itemId)) throw new Error('voided already');
          const result = await right.void(input, itemId, keep, call);
          voided.add(itemId);
          return result;
        },
      };
    },
  ],
  'a void that ignores its keeper': [
    /^- void voided an item although the item to keep was not live/m,
    (right) => ({ void: (input, itemId, _keep, call) => right.void(input, itemId, null, call) }),
  ],
};

it('checkFunctions says of a retry that was left no time what it did, and ends no sentence twice', async () => {
  const error = await check((right) => ({
    async create(input, call) {
      const exchange = await right.create(input, call);
      return exchange.kind === 'no response' ? right.create(input, call) : exchange;
    },
    void: () => Promise.reject(new Error('Not found.')),
  })).catch((thrown: unknown) => thrown);
  expect(String(error)).toContain(
    '- create sent a request that got no response, and then reported that it had not sent one.\n  Right: report what came',
  );
  expect(String(error)).toContain('- void threw Error: Not found.\n');
});

describe('checkFunctions finds by name', () => {
  test.concurrent.each(Object.entries(WRONG))('%s', async (_name, [message, change]) => {
    const error = await check(change).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'WrongFunctionsError', message: expect.stringMatching(message) });
    const [, name] = /^\/\^- (\w+) /.exec(String(message)) ?? [];
    const { wrong }: { wrong?: readonly { readonly name: string }[] } = Object(error);
    expect(new Set(wrong?.map((each) => each.name))).toEqual(new Set([name]));
  });
});

/** What `create` reports of a response with status 202. */
const WRONG_ABOUT_ACCEPTED: Readonly<Record<string, [RegExp, Partial<HttpExchange & { kind: 'response' }>]>> = {
  'for committed': [
    /^- create reported a response with status 202 so that it counts as committed B-1\./m,
    { status: 201, operation: undefined },
  ],
  'for rejected': [
    /^- create reported a response with status 202 so that it counts as rejected\./m,
    { status: 422, errorCode: 'rejected', operation: undefined },
  ],
  'for an unknown outcome': [
    /^- create reported a response with status 202 so that it counts as unknown\./m,
    { operation: undefined },
  ],
  'for another operation': [
    /^- create reported B-1 as the reference of operation OPERATION-/m,
    { operation: { reference: 'B-1' } },
  ],
};

describe('checkFunctions finds by name a create that takes what is only accepted', () => {
  test.concurrent.each(Object.entries(WRONG_ABOUT_ACCEPTED))('%s', async (_name, [message, reported]) => {
    const change = (right: Courier): Partial<Courier> => ({
      async create(input, call) {
        const exchange = await right.create(input, call);
        if (exchange.kind !== 'response' || exchange.status !== 202 || exchange.operation === undefined)
          return exchange;
        return { ...exchange, item: { orderId: call.orderId, itemId: 'B-1' }, ...reported };
      },
    });
    await expect(check(change, 'none', ACCEPTING_COURIER)).rejects.toThrow(message);
  });

  it('or whose time is in seconds', async () => {
    const change = (right: Courier): Partial<Courier> => ({
      async create(input, call) {
        const exchange = await right.create(input, call);
        const { reference, readyAtMs = 0 } = (exchange.kind === 'response' && exchange.operation) || { reference: '' };
        return reference === '' ? exchange : { ...exchange, operation: { reference, readyAtMs: readyAtMs / 1_000 } };
      },
    });
    await expect(check(change, 'none', ACCEPTING_COURIER)).rejects.toThrow(
      /^- create reported \S+ as readyAtMs of an operation/m,
    );
  });
});

it('checkFunctions asks for a void where there is no guarantee', async () => {
  const checked = checkFunctions({
    functions(url) {
      const { create, list, outcomes } = createCourier(url);
      return { create, list, outcomes };
    },
    ...{ service: COURIER, guarantee: 'none', input: () => undefined },
  });
  await expect(checked).rejects.toThrow('- void is missing');
});

/** The getter of the time that is left stays one. */
function without<Call extends object, Changed extends object>(call: Call, changed: Changed): Call & Changed {
  return Object.defineProperties(Object.assign({}, call, changed), {
    ...Object.getOwnPropertyDescriptors(call),
    ...Object.getOwnPropertyDescriptors(changed),
  });
}

async function fetchBooking(url: string, call: { orderId: string; timeoutMs: number; signal: AbortSignal }) {
  const signal = AbortSignal.any([call.signal, AbortSignal.timeout(call.timeoutMs)]);
  const body = JSON.stringify({ reference: call.orderId });
  await fetch(`${url}/bookings`, { method: 'POST', body, signal });
}
