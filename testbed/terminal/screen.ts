import { Writable } from 'node:stream';
import xterm, { type Terminal } from '@xterm/headless';

/** What a person sees of the text that is printed on a terminal. */
export interface Screen {
  /** The emulator. Its buffer holds each cell with its colours, and the lines that have scrolled off. */
  readonly emulator: Terminal;
  /** Resolves when the screen shows it. */
  readonly print: (text: string) => Promise<void>;
  /** The rows that are visible now, without trailing blanks; as many as the terminal has. */
  readonly rows: () => readonly string[];
  /** All rows since the start, also those that have scrolled off, without the blank ones at the end. */
  readonly allRows: () => readonly string[];
}

export function createScreen(columns: number, rows: number): Screen {
  const emulator = new xterm.Terminal({ cols: columns, rows, scrollback: 100_000, allowProposedApi: true });
  return {
    emulator,
    print: (text) => new Promise((resolve) => emulator.write(text, resolve)),
    rows: () => rowsOf(emulator, emulator.buffer.active.baseY, emulator.rows),
    allRows: () => withoutBlankEnd(rowsOf(emulator, 0, emulator.buffer.active.length)),
  };
}

/** A stream that is a terminal, without a process, for what is given its streams. */
export function createTerminalStream(columns: number, rows: number) {
  const screen = createScreen(columns, rows);
  const stream = Object.assign(
    new Writable({
      write: (chunk, _encoding, done) =>
        void screen.print(String(chunk).replaceAll(/(?<!\r)\n/g, '\r\n')).then(() => done()),
    }),
    { isTTY: true, columns, rows },
  );
  return {
    ...screen,
    stream,
    /** Resolves when the screen shows all that has been written. */
    settled: async () => {
      while (stream.writableLength > 0) await new Promise((resolve) => setImmediate(resolve));
    },
    resize: (toColumns: number, toRows: number) => {
      screen.emulator.resize(toColumns, toRows);
      Object.assign(stream, { columns: toColumns, rows: toRows });
      stream.emit('resize');
    },
  };
}

/** Without the blank rows at the end. */
export function withoutBlankEnd(rows: readonly string[]): readonly string[] {
  return rows.slice(0, rows.findLastIndex((row) => row !== '') + 1);
}

function rowsOf({ buffer }: Terminal, from: number, count: number): readonly string[] {
  return Array.from(
    { length: count },
    (_, index) => buffer.active.getLine(from + index)?.translateToString(true) ?? '',
  );
}
