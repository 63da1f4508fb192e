// A program of the tests: starts the child whose options are its argument, and prints the child's pid once it is up.
import { startChild } from './start-child.ts';

const child = await startChild(JSON.parse(process.argv[2] ?? ''));
await child.output.lineMatching(/up/);
console.log('child', child.pid);
