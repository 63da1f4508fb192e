import { afterEach, describe, expect, it } from '@jest/globals';
import { ACCEPTING_COURIER } from './courier.fixture.ts';
import { type Fault, type ScriptedService, type ScriptedServiceOptions, startScriptedService } from './index.ts';

let service: ScriptedService | undefined;
afterEach(() => service?.close());

/** A courier that accepts every booking, and finishes it when the test says so. */
async function startCourier({ late, ...options }: Partial<ScriptedServiceOptions> & { readonly late?: Fault } = {}) {
  let finishNow: () => void = () => undefined;
  const until = new Promise<void>((resolve) => {
    finishNow = resolve;
  });
  const fault = late ?? { kind: 'accept', until };
  service = await startScriptedService({
    ...{
      ...ACCEPTING_COURIER,
      guarantee: 'none',
      faults: { decide: (point) => (point === 'create.late' ? fault : undefined) },
    },
    ...options,
  });
  const { url, store, inFlight } = service;
  return {
    store,
    inFlight,
    async book(headers: Readonly<Record<string, string>> = {}) {
      const body = JSON.stringify({ reference: 'order-1' });
      const response = await fetch(`${url}/bookings`, { method: 'POST', body, headers });
      return { status: response.status, body: await response.json() };
    },
    async finish() {
      finishNow();
      while (service !== undefined && service.inFlight() > 0) await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

describe('a scripted service that accepts a create', () => {
  it('responds with 202 and an operation, and makes the item later', async () => {
    const { book, finish, store, inFlight } = await startCourier();
    expect(await book()).toEqual({
      ...{ status: 202, body: { accepted: expect.stringMatching(/^OPERATION-/), ready: expect.any(Number) } },
    });
    expect([store.live('order-1').length, inFlight()]).toEqual([0, 1]);
    await finish();
    expect(store.live('order-1')).toHaveLength(1);
  });

  it('never makes it if it accepts it in vain, and nothing is in flight then', async () => {
    const { book, store, inFlight } = await startCourier({ late: { kind: 'accept in vain' } });
    expect(await book()).toMatchObject({ status: 202 });
    expect([store.live('order-1').length, inFlight()]).toEqual([0, 0]);
  });

  it.each([
    ['within its time makes it', 60_000, 1],
    ['after its time never makes it', -60_000, 0],
  ])('and finishes it %s, if it keeps deadlines', async (_, acceptWithinMs, made) => {
    const { book, finish, store } = await startCourier({ guarantee: 'deadline', acceptWithinMs });
    expect(await book({ 'x-deadline': String(Date.now() + 10_000) })).toMatchObject({ status: 202 });
    await finish();
    expect(store.live('order-1')).toHaveLength(made);
  });

  it('accepts no create after its deadline', async () => {
    const { book } = await startCourier({ guarantee: 'deadline', acceptWithinMs: 60_000 });
    expect(await book({ 'x-deadline': '1' })).toMatchObject({ status: 409 });
  });

  it('responds to the same key with the same operation while it works, and then with the item', async () => {
    const { book, finish, store } = await startCourier({ guarantee: 'idempotency-key', acceptWithinMs: 60_000 });
    const headers = { 'x-deadline': String(Date.now() + 10_000), 'x-key': 'order-1/0' };
    const first = await book(headers);
    expect(await book(headers)).toEqual(first);
    await finish();
    expect(await book(headers)).toMatchObject({ status: 201 });
    expect(store.list('order-1').items).toHaveLength(1);
  });

  it('may lose the 202 itself', async () => {
    const faults: ScriptedServiceOptions['faults'] = {
      decide: (point) =>
        point === 'create.late' ? { kind: 'accept' } : point === 'create.after' ? { kind: 'reset' } : undefined,
    };
    const { book, finish, store } = await startCourier({ faults });
    await expect(book()).rejects.toThrow('fetch failed');
    await finish();
    expect(store.live('order-1')).toHaveLength(1);
  });
});
