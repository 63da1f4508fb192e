const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];
const LEVELS = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/**
 * A horizontal bar, exact to an eighth of a character.
 * @param share of the width, 0 to 1
 * @param width in characters
 */
export function bar(share: number, width: number): string {
  const eighths = Math.round(share * width * 8);
  return '█'.repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] ?? '');
}

/**
 * Vertical bars, each one character wide; the top line comes first. A value above zero is always visible.
 * @param height in lines
 * @param most the value whose bar reaches the top
 */
export function verticalBars(
  values: readonly number[],
  { height, most }: { readonly height: number; readonly most: number },
): readonly string[] {
  const levels = values.map((value) => (value === 0 ? 0 : Math.max(1, Math.round((value / most) * height * 8))));
  return Array.from({ length: height }, (_, line) => {
    const below = (height - 1 - line) * 8;
    return levels.map((level) => LEVELS[Math.max(0, Math.min(8, level - below))]).join('');
  });
}

/**
 * Dots on a line: one for each value, and the range of possible values.
 * @param range the end of the range, which starts at 0; in the unit of the values
 * @param most the value at the end of the line
 * @param width in characters
 */
export function dotsInRange(
  values: readonly number[],
  { range, most, width }: { readonly range: number; readonly most: number; readonly width: number },
): string {
  const columnOf = (value: number) => Math.min(width - 1, Math.floor((value / most) * width));
  const dots = new Set(values.map(columnOf));
  const last = Math.max(columnOf(range), ...dots);
  return Array.from({ length: last + 1 }, (_, column) => (dots.has(column) ? '●' : '·')).join('');
}
