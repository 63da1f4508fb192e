import { describe, expect, it } from '@jest/globals';
import { type CreateExchange, classifyOutcome } from './classify-outcome.ts';

const ORDER = { orderId: 'order-1', reservationId: 'R-1' };
const TICKET = { ...ORDER, itemId: 'T-1' };
const REJECTING_STATUSES = [400, 403, 404, 422];
const REJECTING_CODES = ['INVALID_REQUEST', 'FORBIDDEN', 'RESERVATION_UNKNOWN', 'PAYMENT_DECLINED'];
const NEVER_CONNECTED_CODES = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN'];

const kindOf = (exchange: CreateExchange) => classifyOutcome(exchange, ORDER).kind;
const answer = (status: number, rest: Partial<Omit<CreateExchange & { kind: 'response' }, 'kind' | 'status'>> = {}) =>
  ({ kind: 'response', status, ...rest }) as const;
const silence = (connected: boolean, ...errorCodes: readonly string[]) =>
  ({ kind: 'no response', connected, errorCodes }) as const;

describe('an answered create', () => {
  it('is committed by a 201 with a whole item of this order and this reservation', () => {
    expect(classifyOutcome(answer(201, { item: TICKET }), ORDER)).toEqual({ kind: 'committed', itemId: 'T-1' });
  });

  it('needs no reservation where the service knows none, but then the answer may not have one either', () => {
    const item = { orderId: 'order-1', itemId: 'T-1' };
    expect(classifyOutcome(answer(201, { item }), { orderId: 'order-1' }).kind).toBe('committed');
    expect(classifyOutcome(answer(201, { item: TICKET }), { orderId: 'order-1' }).kind).toBe('unknown');
    expect(classifyOutcome(answer(201, { item }), ORDER).kind).toBe('unknown');
  });

  it('is rejected by the codes of the service that is called, and by no others', () => {
    const codes = ['ADDRESS_UNKNOWN'];
    const kind = (status: number, errorCode: string) =>
      classifyOutcome(answer(status, { errorCode }), ORDER, codes).kind;
    expect(kind(422, 'ADDRESS_UNKNOWN')).toBe('rejected');
    expect(kind(422, 'PAYMENT_DECLINED')).toBe('unknown');
    expect(kind(500, 'ADDRESS_UNKNOWN')).toBe('unknown');
  });

  it.each([
    ['a 201 with an item of another order', answer(201, { item: { ...TICKET, orderId: 'order-2' } })],
    ['a 201 with an item of another reservation', answer(201, { item: { ...TICKET, reservationId: 'R-2' } })],
    ['a 201 without a whole item', answer(201)],
    ['a 201 with an error in its body', answer(201, { errorCode: 'PAYMENT_DECLINED' })],
    ...[100, 103, 200, 202, 204, 206, 301, 302, 307, 308, 400, 404, 409, 422, 500].map(
      (status) => [`a ${status} with a whole item`, answer(status, { item: TICKET })] as const,
    ),
  ])('is unknown after %s', (_, exchange) => {
    expect(kindOf(exchange)).toBe('unknown');
  });

  describe.each(REJECTING_STATUSES)('with status %d', (status) => {
    it.each(REJECTING_CODES)('is rejected with the code %s, which it names', (errorCode) => {
      const outcome = classifyOutcome(answer(status, { errorCode }), ORDER);
      expect(outcome).toMatchObject({ kind: 'rejected', code: errorCode });
      expect(outcome).toHaveProperty('reason', expect.stringContaining(`${status} ${errorCode}`));
    });

    it.each(['IDEMPOTENCY_KEY_REUSED', 'NOT_FOUND', 'DEADLINE_TOO_FAR', 'payment_declined', 'TOSTRING', ''])(
      'is unknown with the code "%s", which says nothing about this create',
      (errorCode) => {
        expect(kindOf(answer(status, { errorCode }))).toBe('unknown');
      },
    );

    it('is unknown without a code, as a proxy or a wrong port answers', () => {
      expect(kindOf(answer(status))).toBe('unknown');
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
    expect(kindOf(answer(status, { errorCode }))).toBe('unknown');
    expect(kindOf(answer(status))).toBe('unknown');
  });

  it.each([100, 200, 201, 302, 401, 402, 405, 408, 409, 410, 429, 500, 503])(
    'is unknown after %d even with a code that rejects at another status',
    (status) => {
      for (const errorCode of REJECTING_CODES) expect(kindOf(answer(status, { errorCode }))).toBe('unknown');
    },
  );

  it('tells of a refused token after a 401 and after nothing else', () => {
    expect(classifyOutcome(answer(401), ORDER)).toHaveProperty('tokenRefused', true);
    for (const status of [201, 400, 403, 500]) {
      expect(classifyOutcome(answer(status), ORDER)).not.toHaveProperty('tokenRefused', true);
    }
  });

  it('gives status and code as the reason why it is unknown', () => {
    const outcome = classifyOutcome(answer(503, { errorCode: 'UNAVAILABLE' }), ORDER);
    expect(outcome).toHaveProperty('reason', expect.stringContaining('503 UNAVAILABLE'));
  });
});

describe('an unanswered create', () => {
  it.each(NEVER_CONNECTED_CODES)('was not sent when %s came before the socket was connected', (code) => {
    expect(classifyOutcome(silence(false, code), ORDER)).toMatchObject({ kind: 'not sent' });
    expect(classifyOutcome(silence(false, code), ORDER)).toHaveProperty('reason', expect.stringContaining(code));
  });

  it.each(NEVER_CONNECTED_CODES)('is unknown when %s came after the socket was connected', (code) => {
    expect(kindOf(silence(true, code))).toBe('unknown');
  });

  it('was not sent when all inner errors of an AggregateError say that it never connected', () => {
    expect(kindOf(silence(false, ...NEVER_CONNECTED_CODES))).toBe('not sent');
  });

  it.each([
    ['ECONNREFUSED', 'ECONNRESET'],
    ['ETIMEDOUT', 'ECONNREFUSED'],
  ])('is unknown when one inner error of an AggregateError says something else: %s, %s', (...codes) => {
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

  it('names all codes as the reason', () => {
    const outcome = classifyOutcome(silence(true, 'ECONNRESET', 'EPIPE'), ORDER);
    expect(outcome).toHaveProperty('reason', expect.stringContaining('ECONNRESET, EPIPE'));
    expect(classifyOutcome(silence(true), ORDER)).toHaveProperty('reason', expect.stringContaining('no error code'));
  });
});
