import { maskOutput } from '../secrets/mask-output.ts';
import { fitted } from './wrapped.ts';

/** Prints on stderr for people, with secrets masked. On a terminal it is wrapped at words. */
export function printError(text: string): void {
  console.error(fitted(maskOutput(text), process.stderr));
}
