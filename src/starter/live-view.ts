import { maskOutput } from '../platform/secrets/mask-output.ts';
import { columnsOf } from '../platform/terminal/columns-of.ts';
import { interceptWrites } from '../platform/terminal/intercept-writes.ts';
import { cutToWidth, widthOf } from '../platform/terminal/text-width.ts';
import { type OutputStream, printerOf } from './output.ts';

/** Prints lines that stay, and on a terminal keeps other lines up to date below them. A pipe gets the former only. */
export interface LiveView {
  /** False in a pipe, where nothing is kept up to date. */
  readonly isLive: boolean;
  /**
   * Replaces the lines that are kept up to date. Each is cut to one row; those that do not fit the terminal are counted.
   * @param summary a last line that is always shown
   */
  show(lines: readonly string[], summary?: string): void;
  /** Prints a line that stays. */
  print(line: string): void;
  /** Removes the lines that are kept up to date. */
  end(): void;
}

interface Shown {
  readonly lines: readonly string[];
  readonly summary: string | undefined;
}

const NOTHING: Shown = { lines: [], summary: undefined };

/** More rows than these would push what was printed before off the screen. */
const MAX_ROWS = 24;
const MAX_SHARE_OF_ROWS = 2 / 3;
const ERASE_BELOW = '\u001B[J';

/**
 * The cursor stays visible, so that a process that is killed leaves nothing to restore. What else this process writes to
 * the terminal in the meantime is printed above the lines that are kept up to date. The row above them is empty: when
 * somebody presses Enter, the cursor moves down by one row, and it is this row that stays behind.
 * @param others the other streams that may be the same terminal; default stdout and stderr of this process
 */
export function createLiveView(
  stream: OutputStream = process.stdout,
  others: readonly OutputStream[] = [process.stdout, process.stderr],
): LiveView {
  const print = printerOf(stream);
  if (!stream.isTTY) return { isLive: false, show: () => undefined, print, end: () => undefined };
  const columns = () => columnsOf(stream);
  const rows = () => stream.rows || 24;
  let shown = NOTHING;
  let drawn: readonly string[] = [];
  /** A terminal that has become narrower has wrapped the lines that were drawn. */
  const drawnRows = () => drawn.reduce((sum, line) => sum + Math.max(1, Math.ceil(widthOf(line) / columns())), 0);
  const erasure = () => (drawn.length === 0 ? '' : `\u001B[${drawnRows()}A\r${ERASE_BELOW}`);
  const frame = () => {
    const lines = fitting(shown, Math.min(Math.floor(rows() * MAX_SHARE_OF_ROWS), MAX_ROWS) - 1);
    drawn = lines.length === 0 ? [] : ['', ...lines.map((line) => cutToWidth(maskOutput(line), columns()))];
    return drawn.map((line) => `${line}\n`).join('');
  };
  const writes = interceptWrites(new Set([stream, ...others.filter(({ isTTY }) => isTTY)]), {
    before: () => {
      const erased = erasure();
      drawn = [];
      stream.write(erased);
    },
    after: () => stream.write(frame()),
  });
  const redraw = () => {
    const erased = erasure();
    writes.pass(() => stream.write(erased + frame()));
  };
  const show = (next: Shown) => {
    const isNew = shown === NOTHING;
    shown = next;
    if (isNew && next !== NOTHING) {
      writes.start();
      stream.on('resize', redraw);
    }
    if (!(isNew && next === NOTHING)) redraw();
    if (!isNew && next === NOTHING) {
      writes.stop();
      stream.off('resize', redraw);
    }
  };
  return {
    isLive: true,
    show: (lines, summary) => show(lines.length === 0 && summary === undefined ? NOTHING : { lines, summary }),
    print,
    end: () => show(NOTHING),
  };
}

/** As many lines as there are rows; those that do not fit are counted in one of them. */
function fitting({ lines, summary }: Shown, rows: number): readonly string[] {
  const last = summary === undefined ? [] : [summary];
  const room = Math.max(0, rows - last.length);
  if (lines.length <= room) return [...lines, ...last];
  const fits = Math.max(0, room - 1);
  const more = room === 0 ? [] : [`  and ${lines.length - fits} more`];
  return [...lines.slice(0, fits), ...more, ...last];
}
