import { stripVTControlCharacters } from 'node:util';
import { createLogUpdate } from 'log-update';
import { type OutputStream, printerOf } from './output.ts';

/** Prints lines that stay, and on a terminal keeps other lines up to date below them. A pipe gets the former only. */
export interface LiveView {
  /** Replaces the lines that are kept up to date. */
  show(lines: readonly string[]): void;
  /** Prints a line that stays. */
  print(line: string): void;
  end(): void;
}

/** More lines than a terminal has rows cannot be redrawn in place. */
const MAX_LINES = 20;

export function createLiveView(stream: OutputStream = process.stdout): LiveView {
  if (!stream.isTTY) return { show: () => undefined, print: printerOf(stream), end: () => undefined };
  const update = createLogUpdate(stream);
  let shown: readonly string[] = [];
  const draw = () => {
    const hidden = shown.length - MAX_LINES;
    const lines = [...shown.slice(0, MAX_LINES), ...(hidden > 0 ? [`  and ${hidden} more`] : [])];
    update(lines.map((line) => cutToWidth(line, stream.columns ?? 80)).join('\n'));
  };
  return {
    show(lines) {
      shown = lines;
      draw();
    },
    print(line) {
      update.clear();
      stream.write(`${line}\n`);
      draw();
    },
    end() {
      update.clear();
      update.done();
    },
  };
}

/** A line that is too long for the terminal is cut, so that it stays one line; it loses its colours. */
function cutToWidth(line: string, columns: number): string {
  const text = stripVTControlCharacters(line);
  return text.length <= columns ? line : `${text.slice(0, columns - 1)}…`;
}
