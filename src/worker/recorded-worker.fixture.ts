// A program for tests: records itself as a worker, with the database folder and the details in its arguments.
import { recordWorker } from './running-workers.ts';

await recordWorker(process.argv[2] ?? '', JSON.parse(process.argv[3] ?? ''));
setInterval(() => undefined, 10_000);
console.log('recorded');
