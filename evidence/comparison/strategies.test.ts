import { describe, expect, it } from '@jest/globals';
import { readStrategyNames, strategiesNamed } from './strategies.ts';

const selected = (text: string) => strategiesNamed(readStrategyNames(text)).map(({ name }) => name);

describe('the strategies of a comparison', () => {
  it('are selected by name, each once and the simplest first', () => {
    expect(selected('exactly-one-deadline, retry,retry')).toEqual(['retry', 'exactly-one-deadline']);
  });

  it('include the product with every guarantee under the name exactly-one', () => {
    expect(selected('exactly-one')).toEqual([
      'exactly-one-none',
      'exactly-one-deadline',
      'exactly-one-idempotency-key',
    ]);
  });

  it('accept exactly-one-naive as an alias of exactly-one-none', () => {
    expect(selected('exactly-one-naive')).toEqual(['exactly-one-none']);
  });

  it.each(['hope', 'exactly-one-hope', 'retry,', 'Retry'])('do not include "%s"', (text) => {
    expect(() => readStrategyNames(text)).toThrow(/expected (one|some) of .*none.*deadline.*idempotency-key/);
  });
});
