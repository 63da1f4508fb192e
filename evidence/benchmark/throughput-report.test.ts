import { describe, expect, test } from '@jest/globals';
import type { Measurement } from './throughput.ts';
import { doubts, ratios, summaries, throughputReport } from './throughput-report.ts';

function measured(contender: string, round: number, differing: Partial<Measurement> = {}): Measurement {
  return {
    contender,
    round,
    ...{ at: 8, runs: 64, failed: 0, perSecond: 20, p50Ms: 100, p95Ms: 200, serverMs: 40, workerMs: 30, servicesMs: 8 },
    ...{ events: 37, actions: 8, othersShare: 0.01 },
    ...differing,
  };
}

const MEASUREMENTS = [
  measured('orders', 1, { perSecond: 20, serverMs: 20 }),
  measured('go', 1, { perSecond: 40, serverMs: 40, servicesMs: undefined }),
  measured('go', 2, { perSecond: 20, serverMs: 40, servicesMs: undefined }),
  measured('orders', 2, { perSecond: 30, serverMs: 30 }),
];

describe('the report of a benchmark', () => {
  test('gives the medians of all rounds, for each contender and concurrency', () => {
    expect(summaries(MEASUREMENTS)).toMatchObject([
      { contender: 'orders', at: 8, perSecond: 25, serverMs: 25 },
      { contender: 'go', at: 8, perSecond: 30, serverMs: 40, servicesMs: undefined },
    ]);
  });

  test('compares only what was measured in the same round, and gives the spread', () => {
    const found = ratios(MEASUREMENTS, 'go');
    const ratio = { contender: 'orders', to: 'go', at: 8 };
    expect(found).toContainEqual({ ...ratio, quantity: 'perSecond', median: 1, min: 0.5, max: 1.5 });
    expect(found).toContainEqual({ ...ratio, quantity: 'serverMs', median: 0.625, min: 0.5, max: 0.75 });
    expect(found.filter(({ quantity }) => quantity === 'servicesMs')).toEqual([]);
    expect(ratios(MEASUREMENTS, undefined)).toEqual([]);
  });

  test('shows both in tables that fit 80 columns', () => {
    const wide = {
      perSecond: 12_345.6,
      p50Ms: 12_345.6,
      p95Ms: 12_345.6,
      serverMs: 1_234.5,
      workerMs: 1_234.5,
      at: 500,
    };
    const lines = throughputReport(
      [measured('transfers', 1, wide), measured('python', 1, { ...wide, at: 500 })],
      'python',
    );
    expect(lines.flatMap((line) => line.split('\n')).filter((line) => line.length > 80)).toEqual([]);
    const cells = throughputReport(MEASUREMENTS, 'go').map((line) => line.trim().split(/ {2,}/));
    expect(cells).toContainEqual(['orders', '8', '25', '100', '200', '25', '30', '8', '37', '8']);
    expect(cells).toContainEqual(['go', '8', '30', '100', '200', '40', '30', '-', '37', '8']);
    expect(cells).toContainEqual(['orders : go', 'at 8']);
    expect(cells).toContainEqual(['/s', '1.00 (0.50-1.50)']);
    expect(cells).toContainEqual(['server', '0.63 (0.50-0.75)']);
  });

  test('says which measurements were disturbed by other programs, and which workflows failed', () => {
    expect(doubts(MEASUREMENTS)).toEqual([]);
    const disturbed = measured('orders', 2, { othersShare: 0.42 });
    const failed = measured('go', 1, { failed: 3, error: 'connection refused' });
    expect(doubts([disturbed, failed])).toEqual([
      'orders at 8, round 2: other programs used 42 % of this machine',
      'go at 8, round 1: 3 of 64 failed: connection refused',
    ]);
  });
});
