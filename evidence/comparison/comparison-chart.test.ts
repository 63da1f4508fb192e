import { describe, expect, it } from '@jest/globals';
import { compared, comparisonOf } from './compared.fixture.ts';
import { comparisonChart } from './comparison-chart.ts';

/** The widths of the rectangles that say what they count. */
function bars(svg: string): readonly [string, number][] {
  return [...svg.matchAll(/width="(\d+)"[^>]*><title>([^<]*)<\/title>/g)].map(([, width, says]) => [
    says ?? '',
    Number(width),
  ]);
}

describe('the chart', () => {
  const mixed = compared('mixed', { exactlyOne: 1, duplicates: 2, lost: 1 });
  const svg = comparisonChart(comparisonOf(mixed, compared('right')));

  it('divides a bar of the same length for each strategy by the tickets of its orders', () => {
    expect(bars(svg)).toEqual([
      ['1: exactly one ticket', 100],
      ['2: more than one', 200],
      ['1: none', 100],
      ['4: exactly one ticket', 400],
    ]);
    expect(svg).toContain('>mixed</text>');
    expect(svg).toContain('>1.50</text>');
  });

  it('names its faults and its seed, by which it can be made again', () => {
    expect(svg).toContain('4 orders, the same faults (hostile, seed 7), the worker killed once');
  });

  it('is legible on a light page and on a dark one: it has a ground and inks for both', () => {
    const [light = '', dark = ''] = svg.split('prefers-color-scheme: dark');
    for (const style of [light, dark])
      expect(style).toMatch(/text \{[^}]*fill: #\w{6} \}[\s\S]*\.ground \{ fill: #\w{6}/);
  });

  it('takes no name for markup', () => {
    const odd = comparisonChart(comparisonOf(compared('<script>&"')));
    expect(odd).toContain('&lt;script>&amp;&quot;');
    expect(odd).not.toContain('<script');
  });
});
