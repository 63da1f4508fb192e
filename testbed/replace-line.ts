/** A text of which one line was replaced. */
export interface ReplacedLine {
  readonly text: string;
  /** The number of the line, from 1. */
  readonly line: number;
}

/**
 * Replaces a line of a text; indentation is ignored and kept.
 * @returns undefined unless the text has the line exactly once
 */
export function replaceLine(text: string, line: string, by: string): ReplacedLine | undefined {
  const lines = text.split('\n');
  const [index, ...others] = lines.flatMap((each, at) => (each.trim() === line ? [at] : []));
  if (index === undefined || others.length > 0) return undefined;
  const indentation = lines[index]?.match(/^\s*/)?.[0] ?? '';
  return { text: lines.with(index, indentation + by).join('\n'), line: index + 1 };
}
