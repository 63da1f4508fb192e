import type { IBufferCell, Terminal } from '@xterm/headless';
import { escapedXml } from '../escaped-xml.ts';

/** A piece of a row in one style. */
interface Run {
  readonly column: number;
  text: string;
  readonly style: string;
}

const CELL = { width: 8.4, height: 18, baseline: 13 } as const;
const PADDING = 18;

/** The colours of a terminal that are printed, by their number; readable on the dark background. */
const PALETTE = ['#9198a1', '#ff7b72', '#7ee787', '#e3b341', '#79c0ff', '#d2a8ff', '#56d4dd', '#e6edf3'];

/**
 * Draws rows of a terminal as SVG: text as text, no outside fonts, dark in light and in dark pages.
 * @param rows the rows to draw, by their number in the buffer; a text stands for rows that are left out
 * @param label says what the picture shows to those who cannot see it
 */
export function screenSvg(emulator: Terminal, rows: readonly (number | string)[], label: string): string {
  const width = Math.ceil(emulator.cols * CELL.width + 2 * PADDING);
  const height = rows.length * CELL.height + 2 * PADDING;
  const texts = rows.flatMap((row, index) => {
    const y = PADDING + index * CELL.height + CELL.baseline;
    const runs = typeof row === 'number' ? runsOf(emulator, row) : [{ column: 0, text: row, style: 'dim' }];
    return runs.map(({ column, text, style }) => textElement(column, y, text, style));
  });
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escapedXml(label)}">`,
    '<style>',
    'text { font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; fill: #e6edf3; white-space: pre }',
    '.bold { font-weight: 700 } .dim { fill: #9198a1 }',
    ...PALETTE.map((colour, number) => `.c${number} { fill: ${colour} }`),
    '</style>',
    `<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8" fill="#0d1117" stroke="#3d444d"/>`,
    ...texts,
    '</svg>',
  ].join('\n')}\n`;
}

function runsOf({ buffer, cols }: Terminal, row: number): readonly Run[] {
  const line = buffer.active.getLine(row);
  const runs: Run[] = [];
  for (let column = 0; column < cols; column += 1) {
    const cell = line?.getCell(column);
    if (cell === undefined) continue;
    const text = cell.getChars() || ' ';
    const style = styleOf(cell);
    const last = runs.at(-1);
    if (last?.style === style) last.text += text;
    else runs.push({ column, text, style });
  }
  return runs.flatMap(({ column, text, style }) => {
    const shown = text.trimEnd();
    const indent = shown.length - shown.trimStart().length;
    return shown === '' ? [] : [{ column: column + indent, text: shown.trimStart(), style }];
  });
}

function styleOf(cell: IBufferCell): string {
  return [
    ...(cell.isBold() ? ['bold'] : []),
    ...(cell.isDim() ? ['dim'] : []),
    ...(cell.isFgPalette() ? [`c${cell.getFgColor() % PALETTE.length}`] : []),
  ].join(' ');
}

/** The length keeps columns aligned, whatever font is there. */
function textElement(column: number, y: number, text: string, style: string): string {
  const x = round(PADDING + column * CELL.width);
  const length = round(text.length * CELL.width);
  const classes = style === '' ? '' : ` class="${style}"`;
  return `<text x="${x}" y="${y}" textLength="${length}"${classes}>${escapedXml(text)}</text>`;
}

function round(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}
