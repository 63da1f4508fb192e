/** A line of the application's own source in a stack trace, whether or not it names a function. */
const OWN_LINE =
  /^\s*at (?:(?:async )?(.+?) )?\(?(?:\S*\/)?((?:(?<!(?:packages|examples)\/[^/]+\/)src|packages|examples|demos)\/[^\s()]+?:\d+)(?::\d+)?\)?$/;

/**
 * Where an error comes from: the first line of a stack trace that lies in the application's own source and not in an
 * installed package, with the path below the project's folder: `moveMoney (src/workflows/transfer-money.ts:71)`.
 * @returns undefined when no line does
 */
export function sourceLine(stack: string): string | undefined {
  for (const line of stack.split('\n')) {
    if (line.includes('/node_modules/')) continue;
    const [, name, place] = OWN_LINE.exec(line) ?? [];
    if (place !== undefined) return name === undefined ? place : `${name} (${place})`;
  }
  return undefined;
}
