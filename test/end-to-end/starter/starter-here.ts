import { AsyncLocalStorage } from 'node:async_hooks';
import { afterAll } from '@jest/globals';
import { runStarter as run } from '../../../src/starter/run-starter.ts';
import type { StarterEnd } from './starter-process.ts';

/** What each starter prints, although many run at a time. */
const printed = new AsyncLocalStorage<{ readonly stdout: string[]; readonly stderr: string[] }>();

const print = (stream: 'stdout' | 'stderr') => (text: unknown) => {
  printed.getStore()?.[stream].push(...String(text).split('\n'));
};
console.log = print('stdout');
console.error = print('stderr');
const { write } = process.stdout;
process.stdout.write = (text: string | Uint8Array) => {
  if (printed.getStore() === undefined) return write.call(process.stdout, text);
  print('stdout')(String(text).trimEnd());
  return true;
};
afterAll(() => {
  process.stdout.write = write;
});

/** Runs `npm run starter -- <args>` in this process: to start one takes longer than what most of them do. */
export async function runStarter(args: readonly string[], settings: NodeJS.ProcessEnv): Promise<StarterEnd> {
  const prints = { stdout: [], stderr: [] };
  const exitCode = await printed.run(prints, () => run(args, new AbortController().signal, settings));
  return { exitCode, ...prints };
}
