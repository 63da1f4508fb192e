import { runProgram } from '../platform/processes/run-program.ts';
import { detachOnSignal } from './detach.ts';
import { runStarter } from './run-starter.ts';

await runProgram(() => runStarter(process.argv.slice(2), { detach: detachOnSignal() }));
