import { describe, expect, it } from '@jest/globals';
import { compared, comparisonOf } from './compared.fixture.ts';
import { brokenClaims, comparisonLines } from './comparison-lines.ts';

describe('the comparison, for people', () => {
  const careless = compared('careless', { exactlyOne: 1, duplicates: 2, lost: 1, failed: 2, failedWithTicket: 1 });
  const careful = compared('careful', { claimsExactlyOne: true });
  const lines = comparisonLines(comparisonOf(careless, careful));

  it('has a row for each strategy under the names of its figures', () => {
    const [head = '', first = '', second = ''] = lines.slice(1);
    const cells = (line: string) => line.trim().split(/ {2,}/);
    expect(cells(head)).toEqual([
      ...['strategy', 'orders', 'exactly one', 'duplicates', 'lost', 'failed', 'sends/order'],
      ...['p50', 'p95'],
    ]);
    expect(cells(first)).toEqual(['careless', '4', '1', '2', '1', '2 (1)', '1.50', '1.2 s', '3.4 s']);
    expect(cells(second)).toEqual(['careful', '4', '4', '0', '0', '0', '1.50', '1.2 s', '3.4 s']);
  });

  it('draws a bar for each, whose parts are told apart without colour', () => {
    expect(lines).toContain(`careless  ${'█'.repeat(13)}${'▒'.repeat(24)}${'·'.repeat(13)}`);
    expect(lines).toContain(`careful   ${'█'.repeat(50)}`);
  });

  it('says what each assumes, and what is alike for all', () => {
    expect(lines).toContain('  careless  what careless assumes');
    expect(lines.at(-1)).toMatch(/^Alike for all: .*killed once/);
  });
});

describe('what speaks against a strategy', () => {
  it('is nothing where exactly one ticket is not claimed, or is kept', () => {
    const careless = compared('careless', { exactlyOne: 1, duplicates: 3, failed: 2, problems: ['a file is damaged'] });
    expect(brokenClaims([careless, compared('careful', { claimsExactlyOne: true })])).toEqual([]);
  });

  it('is each order without its one ticket, each failure and each problem of the files, where it is claimed', () => {
    const wrong = { claimsExactlyOne: true, exactlyOne: 3, duplicates: 1, failed: 2, problems: ['a file is damaged'] };
    expect(brokenClaims([compared('careful', wrong)])).toEqual([
      'careful: 1 of 4 orders lack their one ticket',
      'careful: it said of 2 orders that they failed',
      'careful: a file is damaged',
    ]);
  });

  it('is not an order that was stopped on its way, which is told', () => {
    const slow = compared('slow', { claimsExactlyOne: true, exactlyOne: 3, lost: 1, unended: 1 });
    expect(brokenClaims([slow])).toEqual([]);
    expect(comparisonLines(comparisonOf(slow))).toContain(
      'slow: 1 orders had not ended after 300 s; they were stopped',
    );
  });
});
