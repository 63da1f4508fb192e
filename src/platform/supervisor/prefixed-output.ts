import type { Writable } from 'node:stream';
import pc from 'picocolors';
import { prettyFactory } from 'pino-pretty';
import { allowsColors } from '../logging/colors.ts';
import { createLogOutput } from '../logging/log-output.ts';

const COLORS = ['magenta', 'cyan', 'green', 'yellow', 'blue'] as const;

/**
 * Prints the output of several processes, each line with the name of its process. Makes pino's JSON lines readable.
 * Uses colour only on a terminal. Never waits for a reader: lines that nobody reads are dropped and counted.
 * @param names of all processes, which determine the width of the prefix
 * @returns a function that takes a name and returns the function that prints a line of that process
 */
export function createPrefixedOutput(
  names: readonly string[],
  stream: Writable & { readonly isTTY?: boolean } = process.stdout,
) {
  const output = createLogOutput(
    stream,
    (dropped) => `… ${dropped} lines were dropped, because they could not be written\n`,
  );
  const colour = pc.createColors(allowsColors(stream));
  const readable = prettyFactory({
    colorize: colour.isColorSupported,
    ignore: 'pid,hostname,name',
    singleLine: true,
    translateTime: 'SYS:HH:MM:ss.l',
  });
  const width = Math.max(...names.map((name) => name.length));
  return (name: string) => {
    const paint = colour[COLORS[names.indexOf(name) % COLORS.length] ?? 'white'];
    const prefix = paint(`${name.padEnd(width)} |`);
    return (line: string) => {
      const text = line.startsWith('{') ? readable(line).trimEnd() : line;
      output.write(`${text.replace(/^/gm, `${prefix} `)}\n`);
    };
  };
}
