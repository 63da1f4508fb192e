import { maskOutput } from '../secrets/mask-output.ts';
import { fitted } from './wrapped.ts';

/**
 * Prints on stdout for people, with secrets masked. On a terminal it is wrapped at words.
 * @param indent of all lines but the first, in columns; default 0
 */
export function printText(text: string, indent = 0): void {
  console.log(fitted(maskOutput(text), process.stdout, indent));
}

/** The same on stderr. */
export function printError(text: string): void {
  console.error(fitted(maskOutput(text), process.stderr));
}
