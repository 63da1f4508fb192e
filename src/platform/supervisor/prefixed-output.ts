import type { Writable } from 'node:stream';
import pc from 'picocolors';
import { allowsColors } from '../logging/colors.ts';
import { createLogOutput } from '../logging/log-output.ts';
import { createReadableLines } from '../logging/readable-line.ts';
import { columnsOf } from '../terminal/columns-of.ts';

const COLORS = ['magenta', 'cyan', 'green', 'yellow', 'blue'] as const;

/**
 * Prints the output of several processes. On a terminal each line has the name of its process, log lines are readable,
 * and all of them fit the width: what is no log line is wrapped at words. On a pipe log lines stay JSON, which contains
 * the name. Never waits for a reader: lines that nobody reads are dropped and counted.
 * @param names of all processes, which determine the width of the prefix
 * @returns a function that takes a name and returns the function that prints a line of that process, or several lines
 */
export function createPrefixedOutput(
  names: readonly string[],
  stream: Writable & { readonly isTTY?: boolean; readonly columns?: number } = process.stdout,
) {
  const output = createLogOutput(
    stream,
    (dropped) => `… ${dropped} lines were dropped, because they could not be written\n`,
  );
  const isTerminal = stream.isTTY === true;
  const colour = pc.createColors(allowsColors(stream));
  const readable = createReadableLines({ colour: colour.isColorSupported });
  const width = Math.max(...names.map((name) => name.length));
  return (name: string) => {
    const paint = colour[COLORS[names.indexOf(name) % COLORS.length] ?? 'white'];
    const prefix = `${paint(`${name.padEnd(width)} |`)} `;
    const onTerminal = (line: string) => {
      const columns = columnsOf(stream) - width - ' | '.length;
      return readable(line, columns).replace(/^/gm, prefix);
    };
    const onPipe = (line: string) => (isLogLine(line) ? line : `${prefix}${line}`);
    return (lines: string) => {
      for (const line of lines.split('\n')) output.write(`${isTerminal ? onTerminal(line) : onPipe(line)}\n`);
    };
  };
}

function isLogLine(line: string): boolean {
  return /^\{"level":\d+,.*\}$/.test(line);
}
