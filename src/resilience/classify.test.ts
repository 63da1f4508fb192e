import { describe, expect, it } from '@jest/globals';
import { classifyFailure } from './classify.ts';

const kindOf = (error: unknown) => classifyFailure(error).kind;
const answered = (status: number, fields: object = {}) => Object.assign(new Error('answered'), { status, ...fields });
const network = (code: string) => Object.assign(new Error(code), { code });

describe('a failure', () => {
  it.each([408, 429, 500, 501, 503, 599])('is transient by status %i', (status) => {
    expect(kindOf(answered(status))).toBe('transient');
  });

  it.each([400, 401, 403, 404, 422])('is permanent by status %i', (status) => {
    expect(kindOf(answered(status))).toBe('permanent');
  });

  it.each([301, 405, 409, 418, 600, 0])('is unknown by status %i', (status) => {
    expect(kindOf(answered(status))).toBe('unknown');
  });

  it.each([
    ...['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EPIPE', 'ENOTFOUND', 'EAI_AGAIN', 'ENETUNREACH', 'EHOSTUNREACH'],
    ...['UND_ERR_SOCKET', 'UND_ERR_CONNECT_TIMEOUT'],
  ])('is transient by the network code %s, which is its reason', (code) => {
    expect(classifyFailure(network(code))).toEqual({ kind: 'transient', reason: `network error ${code}` });
  });

  it.each(['ENOENT', 'EACCES', 'UND_ERR_ABORTED', 'UND_ERR_INVALID_ARG', 'INSUFFICIENT_FUNDS'])(
    'is unknown by the code %s',
    (code) => {
      expect(kindOf(network(code))).toBe('unknown');
    },
  );

  it('is transient when AbortSignal.timeout ended it, and unknown when its caller did', () => {
    expect(kindOf(new DOMException('late', 'TimeoutError'))).toBe('transient');
    expect(kindOf(new DOMException('the caller left', 'AbortError'))).toBe('unknown');
  });

  it('is transient when it says so itself', () => {
    expect(kindOf(Object.assign(new Error('no complete response'), { transient: true }))).toBe('transient');
    expect(kindOf(Object.assign(new Error('no complete response'), { transient: false }))).toBe('unknown');
  });

  it('is judged by its cause, as that of fetch must be', () => {
    expect(kindOf(new TypeError('fetch failed', { cause: network('ECONNREFUSED') }))).toBe('transient');
    expect(kindOf(new Error('step 2', { cause: answered(404) }))).toBe('permanent');
    expect(kindOf(answered(404, { cause: network('ECONNRESET') }))).toBe('permanent');
  });

  it('is judged by the errors within it: transient when one is, permanent when all are', () => {
    const refused = new AggregateError([network('ECONNREFUSED'), network('ENETUNREACH')]);
    expect(kindOf(new TypeError('fetch failed', { cause: refused }))).toBe('transient');
    expect(kindOf(new AggregateError([answered(404), new Error('a bug'), answered(503)]))).toBe('transient');
    expect(kindOf(new AggregateError([answered(404), new Error('a bug')]))).toBe('unknown');
    expect(kindOf(new AggregateError([answered(404), answered(422)]))).toBe('permanent');
    expect(kindOf(new AggregateError([]))).toBe('unknown');
  });

  it('is unknown when it is a bug, or no error at all', () => {
    for (const error of [new TypeError('x is undefined'), 'text', 503, null, undefined, {}]) {
      expect(kindOf(error)).toBe('unknown');
    }
  });

  it('tells its reason and how long to wait', () => {
    expect(classifyFailure(answered(429, { code: 'TOO_MANY', retryAfterMs: 2_000 }))).toEqual({
      kind: 'transient',
      reason: 'status 429 TOO_MANY',
      retryAfterMs: 2_000,
    });
  });

  it('may have causes that go round in a ring', () => {
    const ring = new Error('ring');
    ring.cause = ring;
    expect(kindOf(ring)).toBe('unknown');
  });
});
