import { Console } from 'node:console';
import { createLogUpdate } from 'log-update';

export interface LiveView {
  /** What is shown below all lines said so far; on a pipe nothing is. */
  show(lines: readonly string[]): void;
  /** A line that stays. */
  say(line: string): void;
  end(): void;
}

/** More lines than a terminal has cannot be kept in place. */
const MOST_LINES = 20;

/** Lines in place at the bottom of a terminal, and plain lines that stay. A pipe gets the plain lines only. */
export function createLiveView(stream: NodeJS.WriteStream = process.stdout): LiveView {
  if (!stream.isTTY) {
    // A console, for it survives a reader that leaves, such as `head`.
    const lines = new Console(stream);
    return { show: () => undefined, say: (line) => lines.log(line), end: () => undefined };
  }
  const update = createLogUpdate(stream);
  let shown: readonly string[] = [];
  const draw = () => {
    const hidden = shown.length - MOST_LINES;
    update([...shown.slice(0, MOST_LINES), ...(hidden > 0 ? [`  and ${hidden} more`] : [])].join('\n'));
  };
  return {
    show(lines) {
      shown = lines;
      draw();
    },
    say(line) {
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
