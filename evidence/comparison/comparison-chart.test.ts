import { describe, expect, it } from '@jest/globals';
import { compared, comparisonOf } from './compared.fixture.ts';
import { comparisonChart } from './comparison-chart.ts';

/** The rectangles with a title, by title and width. */
function bars(svg: string): readonly [string, number][] {
  return [...svg.matchAll(/width="(\d+)"[^>]*><title>([^<]*)<\/title>/g)].map(([, width, title]) => [
    title ?? '',
    Number(width),
  ]);
}

describe('the chart', () => {
  const mixed = compared('mixed', { exactlyOne: 1, duplicates: 2, lost: 1 });
  const svg = comparisonChart(comparisonOf(mixed, compared('right')));

  it('has a bar of the same length for each strategy, divided by the tickets of its orders', () => {
    expect(bars(svg)).toEqual([
      ['1: exactly one ticket', 100],
      ['2: more than one', 200],
      ['1: none', 100],
      ['4: exactly one ticket', 400],
    ]);
    expect(svg).toContain('>mixed</text>');
    expect(svg).toContain('>1.50</text>');
  });

  it('shows the number of a part that has room for it, however few orders it stands for', () => {
    const numbers = (orders: number) => {
      const chart = comparisonChart(comparisonOf(compared('rare', { orders, exactlyOne: orders - 1, duplicates: 1 })));
      return [...chart.matchAll(/class="number">(\d+)</g)].map(([, number]) => number);
    };
    expect(numbers(30)).toEqual(['29', '1']);
    expect(numbers(200)).toEqual(['199']);
  });

  it('names the faults and the seed, with which it can be reproduced', () => {
    expect(svg).toContain('4 orders, the same faults (hostile, seed 7), the worker killed once');
  });

  it('is legible on light and dark pages: it has a background and text colours for both', () => {
    const [light = '', dark = ''] = svg.split('prefers-color-scheme: dark');
    for (const style of [light, dark])
      expect(style).toMatch(/text \{[^}]*fill: #\w{6} \}[\s\S]*\.background \{ fill: #\w{6}/);
  });

  it('escapes names', () => {
    const odd = comparisonChart(comparisonOf(compared('<script>&"')));
    expect(odd).toContain('&lt;script>&amp;&quot;');
    expect(odd).not.toContain('<script');
  });
});
