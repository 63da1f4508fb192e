import { columnsOf } from '../terminal/columns-of.ts';
import { cutToWidth } from '../terminal/text-width.ts';

const EVERY_MS = { terminal: 1_000, pipe: 10_000 };

/**
 * Shows on stderr that a long step is running and for how long: in place on a terminal, otherwise in a line every 10 s.
 * @param what such as `downloading the Temporal CLI`
 * @returns `done` ends it with a line that has the result and the time it took
 */
export function showProgress(what: string, stream = process.stderr): { done(result: string): void } {
  const startedAt = performance.now();
  const seconds = () => Math.round((performance.now() - startedAt) / 1_000);
  // A line that is wrapped could not be replaced.
  const cut = (line: string) => cutToWidth(line, columnsOf(stream) - 1);
  const print = (line: string) => stream.write(stream.isTTY ? `\r\x1b[2K${cut(line)}` : `${line}\n`);
  print(`${what} ...`);
  const ticking = setInterval(
    () => print(`${what} ... ${seconds()} s`),
    stream.isTTY ? EVERY_MS.terminal : EVERY_MS.pipe,
  );
  return {
    done(result) {
      clearInterval(ticking);
      print(`${what}: ${result} (${seconds()} s)${stream.isTTY ? '\n' : ''}`);
    },
  };
}
