import colors from 'picocolors';
import { prettyFactory } from 'pino-pretty';

const COLORS = ['magenta', 'cyan', 'green', 'yellow', 'blue'] as const;

export interface OutputStream {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/**
 * Prints the output of several processes, each line with the name of the one it is from. Lines of pino's JSON are made
 * readable. In colour on a terminal only.
 * @param names all of them, so that their lines align
 * @returns for a name, the function that prints one of its lines
 */
export function createPrefixedOutput(names: readonly string[], stream: OutputStream = process.stdout) {
  const colour = colors.createColors(stream.isTTY === true && colors.isColorSupported);
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
      stream.write(`${text.replace(/^/gm, `${prefix} `)}\n`);
    };
  };
}
