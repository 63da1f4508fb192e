import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

const KEPT_LINES = 100;

export interface ChildOutput {
  /** The last lines, at most 100, for error messages. */
  tail(): readonly string[];
  /** The first line that matches, among the last lines or among those still to come. */
  lineMatching(expression: RegExp): Promise<RegExpExecArray>;
  /**
   * Stops reading, so that the process finds its pipes full.
   * @returns a function that reads on
   */
  pause(): () => void;
}

/** Reads the output of a child process, stdout and stderr, line by line. */
export function readOutput(streams: readonly Readable[], onLine: (line: string) => void): ChildOutput {
  const kept: string[] = [];
  const waiting = new Set<(line: string) => void>();
  const readers = streams.map((stream) => createInterface({ input: stream }));
  for (const reader of readers) {
    reader.on('line', (line) => {
      kept.push(line);
      if (kept.length > KEPT_LINES) kept.shift();
      for (const check of waiting) check(line);
      onLine(line);
    });
  }
  return {
    pause() {
      for (const reader of readers) reader.pause();
      return () => {
        for (const reader of readers) reader.resume();
      };
    },
    tail: () => [...kept],
    lineMatching: (expression) =>
      new Promise((resolve) => {
        const check = (line: string) => {
          const match = expression.exec(line);
          if (match === null) return false;
          waiting.delete(check);
          resolve(match);
          return true;
        };
        waiting.add(check);
        kept.some(check);
      }),
  };
}
