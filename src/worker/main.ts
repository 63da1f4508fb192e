import { runProgram } from '../platform/processes/run-program.ts';
import { runWorker } from './run-worker.ts';

await runProgram(runWorker, { stdout: 'logs' });
