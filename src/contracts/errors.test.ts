import { describe, expect, it } from '@jest/globals';
import { distinctMessages, errorCode, errorMessage, errorMessages } from './errors.ts';
import { ODD_REJECTIONS } from './odd-rejections.fixture.ts';

describe('what an error says', () => {
  it('is its message, or its code if that is empty', () => {
    expect(errorMessage(new Error('the disk is full'))).toBe('the disk is full');
    expect(errorMessage('text')).toBe('text');
    expect(errorMessage(Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' }))).toBe('ECONNREFUSED');
  });

  it('is what its inner errors say, when a connection was refused at several addresses', () => {
    const refused = ['::1', '127.0.0.1'].map((address) => new Error(`connect ECONNREFUSED ${address}:3999`));
    const error = Object.assign(new AggregateError(refused), { code: 'ECONNREFUSED' });
    expect(errorMessage(error)).toBe('connect ECONNREFUSED ::1:3999, connect ECONNREFUSED 127.0.0.1:3999');
  });

  it('is said once, although an error further out quotes its cause', () => {
    const cause = new Error('connect ECONNREFUSED 127.0.0.1:3999');
    const quoting = new Error(`POST /tokens: ${cause.message}`, { cause });
    expect(distinctMessages(new Error(quoting.message, { cause: quoting }))).toBe(quoting.message);
    expect(distinctMessages(new Error('no response', { cause }))).toBe(`no response: ${cause.message}`);
  });

  it('includes its causes, which may form a cycle', () => {
    const inner = new Error('inner');
    expect(errorMessages(new Error('outer', { cause: new Error('middle', { cause: inner }) }))).toBe(
      'outer: middle: inner',
    );
    inner.cause = inner;
    expect(errorMessages(inner)).toMatch(/^inner: inner/);
    expect(errorMessages(inner).length).toBeLessThan(100);
  });

  it.each(ODD_REJECTIONS)('is found without an error for %s', (_what, thrown) => {
    expect(typeof errorMessage(thrown)).toBe('string');
    expect(typeof errorMessages(thrown)).toBe('string');
    expect(typeof distinctMessages(thrown)).toBe('string');
    expect(() => errorCode(thrown)).not.toThrow();
  });
});
