import { onStopSignals } from '../platform/processes/on-stop-signals.ts';
import { runProgram } from '../platform/processes/run-program.ts';
import { runStarter } from './run-starter.ts';

await runProgram(() => runStarter(process.argv.slice(2), detachOnSignal()));

/** Ctrl-C leaves the orders alone: they do not need the starter. A second one ends it at once. */
function detachOnSignal(): AbortSignal {
  const detach = new AbortController();
  onStopSignals(
    () => detach.abort(),
    () => process.exit(1),
  );
  return detach.signal;
}
