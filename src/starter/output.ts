import { maskOutput } from '../platform/secrets/mask-output.ts';
import { columnsOf, type Terminal } from '../platform/terminal/columns-of.ts';
import { fitted } from '../platform/terminal/wrapped.ts';

export type OutputStream = NodeJS.WritableStream & Terminal & { readonly rows?: number };

/** Where the starter writes. */
export interface Output {
  readonly stdout: OutputStream;
  /** Prints a line on stdout as it is: a result, and nothing else with `--json`. */
  readonly print: (line: string) => void;
  /**
   * Prints a result on stdout for people. On a terminal it is wrapped at words.
   * @param indent of all lines but the first, in columns; default 0
   */
  readonly say: (text: string, indent?: number) => void;
  /** The width of the terminal that stdout is; undefined when it is none. */
  readonly columns: () => number | undefined;
  /** Prints on stderr: errors, and notes for people. On a terminal they are wrapped at words. */
  readonly note: (text: string) => void;
  /** Prints on stderr what people copy: it is not wrapped. */
  readonly noteToCopy: (text: string) => void;
}

export function createOutput(stdout: OutputStream = process.stdout, stderr: OutputStream = process.stderr): Output {
  const print = printerOf(stdout);
  const noteToCopy = printerOf(stderr);
  return {
    stdout,
    columns: () => (stdout.isTTY ? columnsOf(stdout) : undefined),
    print,
    say: (text, indent) => print(fitted(maskOutput(text), stdout, indent)),
    note: (text) => noteToCopy(fitted(maskOutput(text), stderr)),
    noteToCopy,
  };
}

/** Prints lines on a stream, with secrets masked. If they cannot be written, `runProgram` reports it when the program ends. */
export function printerOf(stream: OutputStream): (line: string) => void {
  stream.on('error', () => undefined);
  return (line) => {
    stream.write(`${maskOutput(line)}\n`);
  };
}
