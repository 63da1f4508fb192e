// A program for tests: starts a child with the options in its argument, and prints the child's process id.
import { startChild } from './start-child.ts';

const child = await startChild(JSON.parse(process.argv[2] ?? ''));
await child.output.lineMatching(/up/);
console.log('child', child.pid);
