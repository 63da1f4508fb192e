import { maskOutput } from '../platform/secrets/mask-output.ts';

export type OutputStream = NodeJS.WritableStream & {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
};

/** Where the starter writes. */
export interface Output {
  readonly stdout: OutputStream;
  /** Prints a line on stdout: results, and nothing else with `--json`. */
  readonly print: (line: string) => void;
  /** The width of the terminal that stdout is; undefined when it is none. */
  readonly columns: () => number | undefined;
  /** Prints a line on stderr: errors, and notes for people. */
  readonly note: (line: string) => void;
}

export function createOutput(stdout: OutputStream = process.stdout, stderr: OutputStream = process.stderr): Output {
  return {
    stdout,
    // A terminal whose size is unknown has 0 columns.
    columns: () => (stdout.isTTY ? stdout.columns || 80 : undefined),
    print: printerOf(stdout),
    note: printerOf(stderr),
  };
}

/** Prints lines on a stream, with secrets masked. If they cannot be written, `runProgram` reports it when the program ends. */
export function printerOf(stream: OutputStream): (line: string) => void {
  stream.on('error', () => undefined);
  return (line) => {
    stream.write(`${maskOutput(line)}\n`);
  };
}
