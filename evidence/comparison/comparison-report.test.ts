import { describe, expect, it } from '@jest/globals';
import { compared, comparisonOf } from './compared.fixture.ts';
import { brokenClaims, comparisonReport } from './comparison-report.ts';
import { STRATEGIES } from './strategies.ts';

const WIDEST = { orders: 200, exactlyOne: 100, duplicates: 100, failedWithTicket: 100, sends: 2_000, p95Ms: 300_000 };

describe('the report of a comparison', () => {
  const careless = compared('careless', {
    exactlyOne: 1,
    duplicates: 2,
    lost: 1,
    failed: 2,
    failedWithTicket: 1,
    p95Ms: 13_400,
  });
  const careful = compared('careful', { claimsExactlyOne: true });
  const lines = comparisonReport(comparisonOf(careless, careful));

  it('has a row for each strategy', () => {
    const [head = '', first = '', second = ''] = lines.slice(1);
    const cells = (line: string) => line.trim().split(/ {2,}/);
    expect(cells(head)).toEqual(['strategy', 'one', 'duplicates', 'none', 'wrong verdict', 'p50', 'p95']);
    expect(cells(first)).toEqual(['careless', '1', '2', '1', '1', '1.2 s', '13 s']);
    expect(cells(second)).toEqual(['careful', '4', '0', '0', '0', '1.2 s', '3.4 s']);
  });

  it('draws a bar for each strategy, whose parts can be distinguished without colour, and counts its creates', () => {
    expect(lines).toContain(`careless  ${'█'.repeat(11)}${'▒'.repeat(20)}${'·'.repeat(11)}     1.50`);
    expect(lines).toContain(`careful   ${'█'.repeat(42)}     1.50`);
    expect(lines).toContain(`${' '.repeat(10)}█ one   ▒ duplicates   · none${' '.repeat(13)}  creates`);
  });

  it('fits a terminal of 80 columns with the longest texts', () => {
    const all = STRATEGIES.map((strategy) => compared(strategy.name, { ...strategy, ...WIDEST }));
    const report = comparisonReport({ ...comparisonOf(...all), orders: 200 }).flatMap((text) => text.split('\n'));
    expect(report.filter((line) => line.length > 80)).toEqual([]);
    expect(report.join(' ').replaceAll(/\s+/g, ' ')).toContain(STRATEGIES[0]?.assumes);
  });

  it('says what each strategy assumes, and what is the same for all', () => {
    expect(lines).toContain('  careless  what careless assumes');
    expect(lines.at(-1)?.replaceAll(/\s+/g, ' ')).toMatch(/^The same for all: 4 orders, .*killed once/);
  });
});

describe('a broken claim', () => {
  it('is not reported of a strategy that claims nothing, or whose orders have exactly one ticket each', () => {
    const careless = compared('careless', { exactlyOne: 1, duplicates: 3, failed: 2, problems: ['a file is damaged'] });
    expect(brokenClaims([careless, compared('careful', { claimsExactlyOne: true })])).toEqual([]);
  });

  it('is reported for orders without exactly one ticket, for failures and for damaged files', () => {
    const wrong = { claimsExactlyOne: true, exactlyOne: 3, duplicates: 1, failed: 2, problems: ['a file is damaged'] };
    expect(brokenClaims([compared('careful', wrong)])).toEqual([
      'careful: 1 of 4 orders do not have exactly one ticket',
      'careful: it reported 2 orders as failed',
      'careful: a file is damaged',
    ]);
  });

  it('is not reported for an order that was stopped before its end, which the report mentions', () => {
    const slow = compared('slow', { claimsExactlyOne: true, exactlyOne: 3, lost: 1, unended: 1 });
    expect(brokenClaims([slow])).toEqual([]);
    expect(comparisonReport(comparisonOf(slow))).toContain('slow: 1 order had not ended after 300 s and was stopped');
  });
});
