import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

const KEPT_LINES = 100;

export interface ChildOutput {
  /** The last lines, at most 100, for the message when something goes wrong. */
  tail(): readonly string[];
  /** The first line that matches, among the kept ones or those still to come. */
  lineMatching(expression: RegExp): Promise<RegExpExecArray>;
}

/** Reads a child's output line by line, stdout and stderr alike. */
export function readOutput(streams: readonly Readable[], onLine: (line: string) => void): ChildOutput {
  const kept: string[] = [];
  const waiting = new Set<(line: string) => void>();
  for (const stream of streams) {
    createInterface({ input: stream }).on('line', (line) => {
      kept.push(line);
      if (kept.length > KEPT_LINES) kept.shift();
      for (const look of waiting) look(line);
      onLine(line);
    });
  }
  return {
    tail: () => [...kept],
    lineMatching: (expression) =>
      new Promise((resolve) => {
        const look = (line: string) => {
          const match = expression.exec(line);
          if (match === null) return false;
          waiting.delete(look);
          resolve(match);
          return true;
        };
        waiting.add(look);
        kept.some(look);
      }),
  };
}
