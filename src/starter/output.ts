import { Console } from 'node:console';

export type OutputStream = NodeJS.WritableStream & {
  readonly isTTY?: boolean;
  readonly columns?: number;
};

/** Where the starter writes. */
export interface Output {
  readonly stdout: OutputStream;
  /** Prints a line on stdout: results, and nothing else with `--json`. */
  readonly print: (line: string) => void;
  /** Prints a line on stderr: errors, and notes for people. */
  readonly note: (line: string) => void;
}

/** A console does the writing, since it survives a pipe whose reader has exited, such as `head`. */
export function createOutput(stdout: OutputStream = process.stdout, stderr: OutputStream = process.stderr): Output {
  const lines = new Console({ stdout, stderr });
  return { stdout, print: (line) => lines.log(line), note: (line) => lines.error(line) };
}
