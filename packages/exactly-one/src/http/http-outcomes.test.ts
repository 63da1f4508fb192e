import { describe, expect, it } from '@jest/globals';
import type { OrderReference } from '../protocol/items.ts';
import { type HttpExchange, httpOutcomes } from './http-outcomes.ts';

const ORDER = { orderId: 'order-1', reservationId: 'R-1' };
const ITEM = { ...ORDER, itemId: 'T-1' };
const REJECTING_STATUSES = [400, 403, 404, 422];
const REJECTING_CODES = ['INVALID_REQUEST', 'FORBIDDEN', 'RESERVATION_UNKNOWN', 'PAYMENT_DECLINED'];
const NEVER_CONNECTED_CODES = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN'];

const classify = (exchange: HttpExchange, order: OrderReference = ORDER) =>
  httpOutcomes({ rejecting: REJECTING_CODES }).classify(exchange, order);
const kindOf = (exchange: HttpExchange) => classify(exchange).kind;
const response = (status: number, rest: Partial<Omit<HttpExchange & { kind: 'response' }, 'kind' | 'status'>> = {}) =>
  ({ kind: 'response', status, ...rest }) as const;
const silence = (connected: boolean, ...errorCodes: readonly string[]) =>
  ({ kind: 'no response', connected, errorCodes }) as const;

describe('a create that was never written', () => {
  it('is not sent', () => {
    const reason = 'its deadline passed before it was sent';
    expect(classify({ kind: 'not sent', reason })).toEqual({ kind: 'not sent', reason });
  });
});

describe('a create with a response', () => {
  it('is committed by a 201 with a complete item of this order and this reservation', () => {
    expect(classify(response(201, { item: ITEM }), ORDER)).toEqual({ kind: 'committed', itemId: 'T-1' });
  });

  it('is accepted by a 202 that names an operation, with the time that the service states', () => {
    const operation = { reference: 'operation-1', readyAtMs: 99_000 };
    expect(classify(response(202, { operation }))).toMatchObject({ kind: 'accepted', ...operation });
    for (const status of [200, 201, 203, 409, 500]) expect(kindOf(response(status, { operation }))).toBe('unknown');
  });

  it('needs no reservation where the service has none, but then the response may not have one either', () => {
    const item = { orderId: 'order-1', itemId: 'T-1' };
    expect(classify(response(201, { item }), { orderId: 'order-1' }).kind).toBe('committed');
    expect(classify(response(201, { item: ITEM }), { orderId: 'order-1' }).kind).toBe('unknown');
    expect(classify(response(201, { item }), ORDER).kind).toBe('unknown');
  });

  it('is rejected by the given codes, and by no others', () => {
    const codes = ['ADDRESS_UNKNOWN'];
    const kind = (status: number, errorCode: string) =>
      httpOutcomes({ rejecting: codes }).classify(response(status, { errorCode }), ORDER).kind;
    expect(kind(422, 'ADDRESS_UNKNOWN')).toBe('rejected');
    expect(kind(422, 'PAYMENT_DECLINED')).toBe('unknown');
    expect(kind(500, 'ADDRESS_UNKNOWN')).toBe('unknown');
  });

  it.each([
    ['a 201 with an item of another order', response(201, { item: { ...ITEM, orderId: 'order-2' } })],
    ['a 201 with an item of another reservation', response(201, { item: { ...ITEM, reservationId: 'R-2' } })],
    ['a 201 without a complete item', response(201)],
    ['a 201 with an error in its body', response(201, { errorCode: 'PAYMENT_DECLINED' })],
    ...[100, 103, 200, 202, 204, 206, 301, 302, 307, 308, 400, 404, 409, 422, 500].map(
      (status) => [`a ${status} with a complete item`, response(status, { item: ITEM })] as const,
    ),
  ])('is unknown after %s', (_, exchange) => {
    expect(kindOf(exchange)).toBe('unknown');
  });

  describe.each(REJECTING_STATUSES)('with status %d', (status) => {
    it.each(REJECTING_CODES)('is rejected with the code %s, which the outcome contains', (errorCode) => {
      const outcome = classify(response(status, { errorCode }));
      expect(outcome).toMatchObject({ kind: 'rejected', code: errorCode });
      expect(outcome).toHaveProperty('reason', expect.stringContaining(`${status} ${errorCode}`));
    });

    it.each(['IDEMPOTENCY_KEY_REUSED', 'NOT_FOUND', 'DEADLINE_TOO_FAR', 'payment_declined', 'TOSTRING', ''])(
      'is unknown with the code "%s", which says nothing about this create',
      (errorCode) => {
        expect(kindOf(response(status, { errorCode }))).toBe('unknown');
      },
    );

    it('is unknown without a code, as in the response of a proxy or of a wrong port', () => {
      expect(kindOf(response(status))).toBe('unknown');
    });
  });

  it.each([
    [401, 'UNAUTHORIZED'],
    [408, 'DEADLINE_PASSED'],
    [409, 'IDEMPOTENCY_KEY_IN_FLIGHT'],
    [421, 'MISDIRECTED_REQUEST'],
    [422, 'IDEMPOTENCY_KEY_REUSED'],
    [429, 'TOO_MANY_REQUESTS'],
    [500, 'INTERNAL_ERROR'],
    [502, 'BAD_GATEWAY'],
    [503, 'UNAVAILABLE'],
    [504, 'GATEWAY_TIMEOUT'],
  ])('is unknown after %d %s', (status, errorCode) => {
    expect(kindOf(response(status, { errorCode }))).toBe('unknown');
    expect(kindOf(response(status))).toBe('unknown');
  });

  it.each([100, 200, 201, 302, 401, 402, 405, 408, 409, 410, 429, 500, 503])(
    'is unknown after %d even with a code that rejects at another status',
    (status) => {
      for (const errorCode of REJECTING_CODES) expect(kindOf(response(status, { errorCode }))).toBe('unknown');
    },
  );

  it('names status and code in the reason why it is unknown', () => {
    const outcome = classify(response(503, { errorCode: 'UNAVAILABLE' }));
    expect(outcome).toHaveProperty('reason', expect.stringContaining('503 UNAVAILABLE'));
  });
});

describe('a create without a response', () => {
  it.each(NEVER_CONNECTED_CODES)('was not sent when %s came before the socket was connected', (code) => {
    expect(classify(silence(false, code))).toMatchObject({ kind: 'not sent' });
    expect(classify(silence(false, code))).toHaveProperty('reason', expect.stringContaining(code));
  });

  it('was not sent, and says to which address it could not connect', () => {
    const error = new Error('connect ECONNREFUSED 127.0.0.1:3999');
    const exchange = { ...silence(false, 'ECONNREFUSED'), error };
    expect(classify(exchange)).toMatchObject({ reason: 'never connected (connect ECONNREFUSED 127.0.0.1:3999)' });
    expect(classify({ ...exchange, error: new AggregateError([error]) })).toMatchObject({
      reason: 'never connected (ECONNREFUSED)',
    });
  });

  it.each(NEVER_CONNECTED_CODES)('is unknown when %s came after the socket was connected', (code) => {
    expect(kindOf(silence(true, code))).toBe('unknown');
  });

  it('was not sent when all inner errors of an AggregateError show that it never connected', () => {
    expect(kindOf(silence(false, ...NEVER_CONNECTED_CODES))).toBe('not sent');
  });

  it.each([
    ['ECONNREFUSED', 'ECONNRESET'],
    ['ETIMEDOUT', 'ECONNREFUSED'],
  ])('is unknown when one inner error of an AggregateError shows something else: %s, %s', (...codes) => {
    expect(kindOf(silence(false, ...codes))).toBe('unknown');
  });

  it.each(['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ABORT_ERR', 'HPE_INVALID_CONSTANT', 'UND_ERR_SOCKET'])(
    'is unknown after %s, connected or not',
    (code) => {
      expect(kindOf(silence(false, code))).toBe('unknown');
      expect(kindOf(silence(true, code))).toBe('unknown');
    },
  );

  it('is unknown when the error has no code', () => {
    expect(kindOf(silence(false))).toBe('unknown');
    expect(kindOf(silence(true))).toBe('unknown');
  });

  it('names all codes in the reason', () => {
    const outcome = classify(silence(true, 'ECONNRESET', 'EPIPE'));
    expect(outcome).toHaveProperty('reason', expect.stringContaining('ECONNRESET, EPIPE'));
    expect(classify(silence(true))).toHaveProperty('reason', expect.stringContaining('no error code'));
  });
});

describe('an outcome table', () => {
  it('rejects nothing unless it is given the codes that do', () => {
    expect(httpOutcomes().classify(response(422, { errorCode: 'PAYMENT_DECLINED' }), ORDER).kind).toBe('unknown');
  });

  it('is refused with a code that is empty, and says which one', () => {
    expect(() => httpOutcomes({ rejecting: ['ADDRESS_UNKNOWN', ''] })).toThrow('httpOutcomes: rejecting[1] must be');
  });
});

describe('a create whose response is read by the table', () => {
  const table = httpOutcomes({
    rejecting: ['HOTEL_FULL'],
    read: (body) => ({
      item: body.id === undefined ? undefined : { orderId: body.reference, itemId: body.id },
      operation: body.operation === undefined ? undefined : { reference: body.operation },
      errorCode: body.code,
    }),
  });
  const outcome = (status: number, body: string) => table.classify(response(status, { body }), { orderId: 'order-1' });

  it('is committed, accepted or rejected by what its body says', () => {
    expect(outcome(201, '{"id":"I-1","reference":"order-1"}')).toEqual({ kind: 'committed', itemId: 'I-1' });
    expect(outcome(202, '{"operation":"O-1"}')).toMatchObject({ kind: 'accepted', reference: 'O-1' });
    expect(outcome(422, '{"code":"HOTEL_FULL"}')).toMatchObject({ kind: 'rejected', code: 'HOTEL_FULL' });
  });

  it.each([
    ['is no JSON', '<html>'],
    ['is null, so that reading it throws', 'null'],
    ['is empty', ''],
    ['has an id that is no text', '{"id":7,"reference":"order-1"}'],
    ['has an empty id', '{"id":"","reference":"order-1"}'],
    ['has the item of another order', '{"id":"I-1","reference":"order-2"}'],
  ])('is unknown if its body %s', (_, body) => {
    expect(outcome(201, body)).toEqual({
      kind: 'unknown',
      reason: 'the response was 201 without a complete item of this order',
    });
  });

  it('is unknown if it was accepted without the name of an operation', () => {
    expect(outcome(202, '{}')).toEqual({ kind: 'unknown', reason: 'the response was 202' });
    expect(outcome(202, '{"operation":7}')).toEqual({ kind: 'unknown', reason: 'the response was 202' });
  });

  it('is accepted without a time if the time is none', () => {
    const operation = { reference: 'O-1', readyAtMs: Number.NaN };
    expect(classify(response(202, { operation }))).toEqual({
      ...{ kind: 'accepted', reference: 'O-1', reason: 'the service has accepted it as O-1' },
    });
  });

  it('names the error of reading an object in its reason, because it hides every code that rejects', () => {
    const { classify } = httpOutcomes({ read: ({ booking }) => ({ item: booking.id }) });
    expect(classify(response(422, { body: '{"code":"HOTEL_FULL"}' }), ORDER)).toEqual({
      kind: 'unknown',
      reason: "the response was 422; outcomes.read threw TypeError: Cannot read properties of undefined (reading 'id')",
    });
  });

  it('keeps the status of an error without a body in its reason', () => {
    expect(outcome(503, '<html>')).toEqual({ kind: 'unknown', reason: 'the response was 503' });
  });

  it('refuses an option that it does not know, a reader that is no function, and codes that are no list', () => {
    expect(() => httpOutcomes(Object({ reject: ['X'] }))).toThrow(
      'httpOutcomes: the options must be { rejecting, read }, but are {"reject":["X"]}',
    );
    expect(() => httpOutcomes(Object(['X']))).toThrow('the options must be { rejecting, read }, but are ["X"]');
    expect(() => httpOutcomes(Object({ read: 'id' }))).toThrow('httpOutcomes: read must be a function, but is "id"');
    expect(() => httpOutcomes(Object({ rejecting: 'HOTEL_FULL' }))).toThrow(
      'httpOutcomes: rejecting must be a list of error codes, but is "HOTEL_FULL"',
    );
  });
});
