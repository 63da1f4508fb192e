import { describe, expect, it } from '@jest/globals';
import { type HttpServiceOptions, httpService } from './http-service.ts';
import type { ServiceRequest } from './scripted-service.ts';

const ITEM = { orderId: 'order-1', itemId: 'I-1', createdAtMs: 1, voided: false };
const HOTEL: HttpServiceOptions = {
  create: 'POST /rooms',
  orderIdField: 'reference',
  list: 'GET /rooms?reference=:orderId',
  void: 'DELETE /rooms/:itemId?keep=:keep',
  item: ({ itemId, voided }) => ({ id: itemId, cancelled: voided }),
  items: (rooms, { asOfMs }) => ({ rooms, asOfMs }),
  rejected: { code: 'HOTEL_FULL' },
};

function request(method: string, path: string, rest: Partial<ServiceRequest> = {}): ServiceRequest {
  return { method, url: new URL(path, 'http://127.0.0.1'), headers: {}, body: undefined, ...rest };
}

const operationOf = (...given: Parameters<typeof request>) => httpService(HOTEL).operationOf(request(...given));

describe('the mapping of a service with one route for each operation', () => {
  it('finds a create, with the order in its body and the deadline and the key in its headers', () => {
    const headers = { 'request-deadline': '1700000000000', 'idempotency-key': 'order-1/0' };
    expect(operationOf('POST', '/rooms', { headers, body: { reference: 'order-1' } })).toEqual({
      ...{ kind: 'create', orderId: 'order-1', key: 'order-1/0' },
      deadlineMs: 1_700_000_000_000,
    });
  });

  it('finds a create with the order in its path', () => {
    const { orderIdField: _, ...rest } = HOTEL;
    const mapping = httpService({ ...rest, create: 'POST /guests/:orderId/rooms', headers: { key: 'x-key' } });
    expect(mapping.operationOf(request('POST', '/guests/order%201/rooms', { headers: { 'x-key': 'k' } }))).toEqual({
      ...{ kind: 'create', orderId: 'order 1', key: 'k' },
    });
  });

  it.each([
    ['a field of a field', 'customer.ref'],
    ['what a function reads', ({ customer }: { customer: { ref: string } }) => customer.ref],
  ])('finds a create with the order in %s', (_, orderIdField) => {
    const mapping = httpService({ ...HOTEL, orderIdField });
    expect(mapping.operationOf(request('POST', '/rooms', { body: { customer: { ref: 'order-1' } } }))).toMatchObject({
      orderId: 'order-1',
    });
  });

  it('finds lists and voids, and the keeper of a void that has one', () => {
    expect(operationOf('GET', '/rooms?reference=order-1')).toEqual({ kind: 'list', orderId: 'order-1' });
    expect(operationOf('DELETE', '/rooms/I-1?keep=I-2')).toEqual({ kind: 'void', itemId: 'I-1', keep: 'I-2' });
    expect(operationOf('DELETE', '/rooms/I-1')).toEqual({ kind: 'void', itemId: 'I-1', keep: null });
  });

  it.each([
    ['POST', '/room'],
    ['PUT', '/rooms'],
    ['GET', '/rooms/I-1'],
    ['DELETE', '/rooms/I-1/guests'],
  ])('has no other route: %s %s', (method, path) => {
    expect(operationOf(method, path)).toBeUndefined();
  });

  it('responds with items, lists, and the code that rejects', () => {
    const responseTo = (result: Parameters<ReturnType<typeof httpService>['responseTo']>[0]) =>
      httpService(HOTEL).responseTo(result, request('POST', '/rooms'));
    expect(responseTo({ kind: 'created', item: ITEM })).toEqual({ status: 201, body: { id: 'I-1', cancelled: false } });
    expect(responseTo({ kind: 'listed', items: [ITEM], asOfMs: 7 })).toEqual({
      ...{ status: 200, body: { rooms: [{ id: 'I-1', cancelled: false }], asOfMs: 7 } },
    });
    expect(responseTo({ kind: 'refused', why: 'rejected' })).toEqual({ status: 422, body: { code: 'HOTEL_FULL' } });
    expect(responseTo({ kind: 'refused', why: 'keeper not live' })).toMatchObject({ status: 409 });
  });

  it('wraps the item of a create, and of a void in the same way unless it says otherwise', () => {
    const bodies = (options: Partial<HttpServiceOptions>) =>
      (['created', 'voided'] as const).map(
        (kind) =>
          httpService({ ...HOTEL, ...options }).responseTo({ kind, item: ITEM }, request('POST', '/rooms')).body,
      );
    const room = { id: 'I-1', cancelled: false };
    expect(bodies({ created: (made) => ({ room: made }) })).toEqual([{ room }, { room }]);
    expect(bodies({ created: (made) => ({ room: made }), voided: () => ({ ok: true }) })).toEqual([
      { room },
      { ok: true },
    ]);
  });

  it('lists in pages of two if it is asked for them', () => {
    const items = ['I-1', 'I-2', 'I-3'].map((itemId) => ({ ...ITEM, itemId }));
    const mapping = httpService({
      ...{ ...HOTEL, item: ({ itemId }) => ({ itemId }), pageQuery: 'after' },
      items: (rooms, { next }) => ({ rooms: rooms.length, next }),
    });
    const page = (path: string) =>
      mapping.responseTo({ kind: 'listed', items, asOfMs: 7 }, request('GET', `/rooms?reference=order-1${path}`)).body;
    expect([page(''), page('&after=2'), page('&after=3')]).toEqual([
      { rooms: 2, next: '2' },
      { rooms: 1, next: null },
      { rooms: 0, next: null },
    ]);
  });

  it('accepts creates only if it says how it responds then', () => {
    const operation = { reference: 'O-1', readyAtMs: 7 };
    const { acceptedResponse } = httpService({ ...HOTEL, accepted: ({ reference }) => ({ operation: reference }) });
    expect(acceptedResponse?.(operation, request('POST', '/rooms'))).toEqual({
      status: 202,
      body: { operation: 'O-1' },
    });
    expect(httpService(HOTEL)).not.toHaveProperty('acceptedResponse');
  });

  it.each<readonly [Partial<HttpServiceOptions>, string]>([
    [
      { create: '/rooms' },
      'httpService: create must be a method and a path, such as GET /rooms?reference=:orderId, but is "/rooms"',
    ],
    [{ list: 'GET /rooms' }, 'httpService: list must contain :orderId, but is "GET /rooms"'],
    [{ void: 'DELETE /rooms' }, 'httpService: void must contain :itemId, but is "DELETE /rooms"'],
    [
      { create: 'POST /rooms/:order' },
      'httpService: create may contain :orderId, :itemId, :keep, but is "POST /rooms/:order"',
    ],
    [Object({ item: 'id' }), 'httpService: item must be a function, but is "id"'],
    [{ list: 'get rooms' }, 'httpService: list must be a method and a path'],
  ])('refuses a route that is none: %j', (wrong, message) => {
    expect(() => httpService({ ...HOTEL, ...wrong })).toThrow(message);
  });

  it('says that the order id of a create must be somewhere', () => {
    const { orderIdField: _, ...rest } = HOTEL;
    expect(() => httpService(rest)).toThrow('httpService: orderIdField must be the field');
  });
});
