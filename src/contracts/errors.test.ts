import { describe, expect, it } from '@jest/globals';
import { errorCode, errorMessage, errorMessages } from './errors.ts';
import { ODD_REJECTIONS } from './odd-rejections.fixture.ts';

describe('what an error says', () => {
  it('is its message, or its code if that is empty', () => {
    expect(errorMessage(new Error('the disk is full'))).toBe('the disk is full');
    expect(errorMessage('text')).toBe('text');
    expect(errorMessage(Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' }))).toBe('ECONNREFUSED');
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
    expect(() => errorCode(thrown)).not.toThrow();
  });
});
