import { counted } from '../../src/contracts/counted.ts';
import { escapedXml } from '../../testbed/escaped-xml.ts';
import type { Comparison } from './compare.ts';
import { barParts, ORDER_GROUPS, type OrderGroup } from './order-groups.ts';
import type { ComparedStrategy } from './play-strategy.ts';

const WIDTH = 780;
const MARGIN = 20;
const FIRST_ROW = 76;
const ROW = 34;
const BAR = { x: 244, width: 400, height: 22 };
/** The width of a digit. A part that is narrower than its number does not show it. */
const DIGIT_WIDTH = 10;

/** Colour-blind people, too, can tell blue from vermilion: https://jfly.uni-koeln.de/color/ */
const FILL: Readonly<Record<OrderGroup, string>> = { exactlyOne: '#0072b2', duplicates: '#d55e00', lost: '#6e7781' };

/** With a background of its own, so it is legible on light and dark pages. */
const STYLE = [
  'text { font: 13px system-ui, -apple-system, "Segoe UI", Helvetica, Arial, sans-serif; fill: #1f2328 }',
  '.background { fill: #ffffff; stroke: #d0d7de }',
  '.title { font-weight: 600; font-size: 15px }',
  '.quiet { fill: #59636e }',
  '.number { fill: #ffffff; font-weight: 600; text-anchor: middle }',
  '@media (prefers-color-scheme: dark) {',
  '  text { fill: #e6edf3 } .background { fill: #0d1117; stroke: #3d444d } .quiet { fill: #9198a1 } .number { fill: #ffffff }',
  '}',
].join('\n');

/** The comparison as an SVG: a bar for each strategy, divided by how many tickets its orders have. */
export function comparisonChart({ orders, seed, faults, strategies }: Comparison): string {
  const legendY = FIRST_ROW + strategies.length * ROW + 18;
  const height = legendY + 22;
  const title = `${counted(orders, 'order')}, the same faults (${faults}, seed ${seed}), the worker killed once`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="${escapedXml(title)}">`,
    `<style>\n${STYLE}\n</style>`,
    `<rect class="background" x="0.5" y="0.5" width="${WIDTH - 1}" height="${height - 1}" rx="8"/>`,
    text(MARGIN, 30, title, 'title'),
    text(BAR.x + BAR.width + 16, FIRST_ROW - 16, 'creates per order', 'quiet'),
    text(BAR.x, FIRST_ROW - 16, 'orders by number of tickets, counted in the files', 'quiet'),
    ...strategies.flatMap((strategy, index) => rowOf(strategy, FIRST_ROW + index * ROW)),
    ...legend(legendY),
    '</svg>',
    '',
  ].join('\n');
}

function rowOf(strategy: ComparedStrategy, y: number): readonly string[] {
  const { name, sends, orders } = strategy;
  const baseline = y + 16;
  let x = BAR.x;
  const parts = barParts(strategy, BAR.width).flatMap(({ group, name: meaning, count, length }) => {
    if (length === 0) return [];
    const part = [
      `<rect x="${x}" y="${y}" width="${length}" height="${BAR.height}" fill="${FILL[group]}"><title>${count}: ${escapedXml(meaning)}</title></rect>`,
      ...(length < String(count).length * DIGIT_WIDTH ? [] : [text(x + length / 2, baseline, String(count), 'number')]),
    ];
    x += length;
    return part;
  });
  return [
    text(MARGIN, baseline, name),
    ...parts,
    text(BAR.x + BAR.width + 16, baseline, (sends / orders).toFixed(2), 'quiet'),
  ];
}

function legend(y: number): readonly string[] {
  return ORDER_GROUPS.flatMap(({ group, name }, index) => {
    const x = BAR.x + index * 150;
    return [
      `<rect x="${x}" y="${y - 10}" width="12" height="12" fill="${FILL[group]}"/>`,
      text(x + 18, y + 1, name, 'quiet'),
    ];
  });
}

function text(x: number, y: number, content: string, style?: string): string {
  const classAttribute = style === undefined ? '' : ` class="${style}"`;
  return `<text x="${x}" y="${y}"${classAttribute}>${escapedXml(content)}</text>`;
}
