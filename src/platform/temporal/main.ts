import { readSettings } from '../config/settings.ts';
import { createLogOutput } from '../logging/log-output.ts';
import { createCommandLine, runCommandLine } from '../processes/command-line.ts';
import { onStopSignals } from '../processes/on-stop-signals.ts';
import { runProgram } from '../processes/run-program.ts';
import { describeExit } from '../processes/start-child.ts';
import { refuseTakenPorts } from '../processes/taken-ports.ts';
import { maskOutput } from '../secrets/mask-output.ts';
import { embeddedServerPorts, startEmbeddedServer } from './embedded-server.ts';
import { findTemporalCli } from './find-cli.ts';

/** `npm run temporal`: only the embedded Temporal server. Returns the exit code. */
async function main(): Promise<number> {
  const { databaseDir, ...settings } = readSettings();
  await refuseTakenPorts(embeddedServerPorts(settings));
  const output = createLogOutput(
    process.stdout,
    (dropped) => `… ${dropped} lines were dropped, because they could not be written\n`,
  );
  const cliPath = await findTemporalCli();
  const server = await startEmbeddedServer({
    cliPath,
    databaseDir,
    port: settings.temporalPort,
    uiPort: settings.temporalUiPort,
    namespace: process.env.TEMPORAL_NAMESPACE,
    onLine: (line) => output.write(`${line}\n`),
  });
  let stopping = false;
  onStopSignals(
    () => {
      stopping = true;
      console.log('stopping the Temporal server ...');
      void server.stop();
    },
    () => void server.kill(),
  );
  const { address, namespace } = server;
  console.log(maskOutput(`Temporal server  ${address}   namespace ${namespace}, state in ${databaseDir}/temporal`));
  console.log(`Temporal UI      ${server.uiAddress}`);
  console.log('Ctrl-C stops it.');
  const exit = await server.exited;
  if (stopping) return 0;
  console.error(`the Temporal server ${describeExit(exit)}`);
  return 1;
}

const commandLine = createCommandLine('npm run temporal --', {
  description: 'Starts only the embedded Temporal server, until Ctrl-C.',
  settings: {
    TEMPORAL_PORT: 'default 7233',
    TEMPORAL_UI_PORT: 'default 8233',
    DATABASE_DIR: 'where the server keeps its state; default database',
    TEMPORAL_NAMESPACE: 'the namespace to create; default default',
    TEMPORAL_CLI_PATH: 'the Temporal CLI to use; default the one on PATH, or a downloaded one',
  },
  exitCodes: { 0: 'stopped by Ctrl-C', 1: 'could not start, or ended by itself' },
});
await runProgram(() => runCommandLine(commandLine, process.argv.slice(2), main), { stdout: 'logs' });
