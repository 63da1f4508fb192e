// A program for tests: records itself in the folder that its argument names, and runs until it is stopped.
import { recordProcess } from './process-record.ts';

const remove = await recordProcess(process.argv[2] ?? '', { name: 'sample' });
process.once('SIGTERM', () => void remove().then(() => process.exit()));
setInterval(() => undefined, 10_000);
console.log('recorded');
