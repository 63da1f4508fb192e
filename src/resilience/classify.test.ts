import { describe, expect, it } from '@jest/globals';
import { ODD_REJECTIONS } from '../contracts/odd-rejections.fixture.ts';
import { classifyFailure } from './classify.ts';

const kindOf = (error: unknown) => classifyFailure(error).kind;
const responded = (status: number, fields: object = {}) => Object.assign(new Error('responded'), { status, ...fields });
const network = (code: string) => Object.assign(new Error(code), { code });

describe('a failure', () => {
  it.each([408, 429, 500, 501, 503, 599])('is transient with status %i', (status) => {
    expect(kindOf(responded(status))).toBe('transient');
  });

  it.each([400, 401, 403, 404, 422])('is permanent with status %i', (status) => {
    expect(kindOf(responded(status))).toBe('permanent');
  });

  it.each([301, 405, 409, 418, 600, 0])('is unknown with status %i', (status) => {
    expect(kindOf(responded(status))).toBe('unknown');
  });

  it.each([
    ...['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EPIPE', 'ENOTFOUND', 'EAI_AGAIN', 'ENETUNREACH', 'EHOSTUNREACH'],
    ...['UND_ERR_SOCKET', 'UND_ERR_CONNECT_TIMEOUT'],
  ])('is transient with the network code %s, which is its reason', (code) => {
    expect(classifyFailure(network(code))).toEqual({ kind: 'transient', reason: `network error ${code}` });
  });

  it.each(['ENOENT', 'EACCES', 'UND_ERR_ABORTED', 'UND_ERR_INVALID_ARG', 'INSUFFICIENT_FUNDS'])(
    'is unknown with the code %s',
    (code) => {
      expect(kindOf(network(code))).toBe('unknown');
    },
  );

  it('is transient when AbortSignal.timeout ended it, and unknown when its caller did', () => {
    expect(kindOf(new DOMException('late', 'TimeoutError'))).toBe('transient');
    expect(kindOf(new DOMException('the caller left', 'AbortError'))).toBe('unknown');
  });

  it('is transient if it says so', () => {
    expect(kindOf(Object.assign(new Error('no complete response'), { transient: true }))).toBe('transient');
    expect(kindOf(Object.assign(new Error('no complete response'), { transient: false }))).toBe('unknown');
  });

  it('is classified by its cause, as an error of fetch must be', () => {
    expect(kindOf(new TypeError('fetch failed', { cause: network('ECONNREFUSED') }))).toBe('transient');
    expect(kindOf(new Error('step 2', { cause: responded(404) }))).toBe('permanent');
    expect(kindOf(responded(404, { cause: network('ECONNRESET') }))).toBe('permanent');
  });

  it('is classified by the errors in it: transient if one is, permanent if all are', () => {
    const refused = new AggregateError([network('ECONNREFUSED'), network('ENETUNREACH')]);
    expect(kindOf(new TypeError('fetch failed', { cause: refused }))).toBe('transient');
    expect(kindOf(new AggregateError([responded(404), new Error('a bug'), responded(503)]))).toBe('transient');
    expect(kindOf(new AggregateError([responded(404), new Error('a bug')]))).toBe('unknown');
    expect(kindOf(new AggregateError([responded(404), responded(422)]))).toBe('permanent');
    expect(kindOf(new AggregateError([]))).toBe('unknown');
  });

  it('is unknown if it is a bug or not an error', () => {
    for (const error of [new TypeError('x is undefined'), 'text', 503, null, undefined, {}]) {
      expect(kindOf(error)).toBe('unknown');
    }
  });

  it('gives what an error says as the reason, without the name of its class', () => {
    class NoResponse extends Error {
      override readonly name = 'NoResponse';
      readonly transient = true;
    }
    expect(classifyFailure(new NoResponse('POST /withdraw: read ECONNRESET')).reason).toBe(
      'POST /withdraw: read ECONNRESET',
    );
  });

  it('has a reason and the time to wait', () => {
    expect(classifyFailure(responded(429, { code: 'TOO_MANY', retryAfterMs: 2_000 }))).toEqual({
      kind: 'transient',
      reason: 'status 429 TOO_MANY',
      retryAfterMs: 2_000,
    });
  });

  it('may have causes that form a cycle', () => {
    const ring = new Error('ring');
    ring.cause = ring;
    expect(kindOf(ring)).toBe('unknown');
  });

  it.each(ODD_REJECTIONS)('is unknown, and classified without another error, if it is %s', (_what, thrown) => {
    expect(kindOf(thrown)).toBe('unknown');
    expect(kindOf(Object.assign(new Error('outer'), { status: 503, cause: thrown }))).toBe('transient');
    expect(kindOf(new AggregateError([thrown, network('ECONNRESET')]))).toBe('transient');
  });
});
