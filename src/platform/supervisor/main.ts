import { readSettings, type Settings } from '../config/settings.ts';
import { createCommandLine, runCommandLine } from '../processes/command-line.ts';
import { onStopSignals } from '../processes/on-stop-signals.ts';
import { PROJECT_FOLDER } from '../processes/project-folder.ts';
import { runProgram } from '../processes/run-program.ts';
import { metricsPort, type NeededPort, refuseTakenPorts } from '../processes/taken-ports.ts';
import { maskOutput } from '../secrets/mask-output.ts';
import { readConnectionSettings } from '../temporal/connection-settings.ts';
import { embeddedServerPorts } from '../temporal/embedded-server.ts';
import { findTemporalCli } from '../temporal/find-cli.ts';
import { printError } from '../terminal/print.ts';
import { createPrefixedOutput } from './prefixed-output.ts';
import { type Addresses, PART_NAMES, startEverything } from './start-everything.ts';

/** How long the worker may take to shut down, in addition to one create. */
const WORKER_MARGIN_MS = 10_000;

/** `npm start`: everything under one supervisor. Returns the exit code. */
async function main(): Promise<number> {
  const settings = readSettings();
  const { env } = process;
  const print = createPrefixedOutput(PART_NAMES);
  // Before anything is started: a wrong setting would otherwise only stop the worker.
  if (env.TEMPORAL_ADDRESS) readConnectionSettings(env);
  await refuseTakenPorts(neededPorts(settings, env));
  const temporal = env.TEMPORAL_ADDRESS
    ? 'elsewhere'
    : {
        cliPath: await findTemporalCli(),
        databaseDir: settings.databaseDir,
        port: settings.temporalPort,
        uiPort: settings.temporalUiPort,
        namespace: env.TEMPORAL_NAMESPACE,
      };
  const everything = startEverything({
    env,
    temporal,
    workerGraceMs: settings.createDeadlineMs + settings.clockSkewMs + WORKER_MARGIN_MS,
    print,
    watched: env.NODE_ENV === 'production' ? undefined : PROJECT_FOLDER,
    onStop: (name) => print(name)('stopping ...'),
  });
  let killed = false;
  onStopSignals(
    () => {
      console.log('stopping everything ... (Ctrl-C again kills it at once)');
      everything.stop();
    },
    () => {
      killed = true;
      everything.kill();
    },
  );
  if ((await everything.started) === 'ready') {
    console.log(maskOutput(summary(everything.addresses, env, settings.taskQueue, settings.metricsAddress)));
  }
  const { failure } = await everything.ended;
  if (failure !== undefined) {
    printError(`everything was stopped because ${failure}`);
    return 1;
  }
  console.log(killed ? 'everything was killed' : 'everything has stopped');
  return killed ? 130 : 0;
}

function neededPorts(settings: Settings, env: NodeJS.ProcessEnv): readonly NeededPort[] {
  const host = '127.0.0.1';
  return [
    ...(env.TEMPORAL_ADDRESS ? [] : embeddedServerPorts(settings)),
    { host, port: settings.ticketSystemPort, use: 'the ticket system', setting: 'TICKET_SYSTEM_PORT' },
    { host, port: settings.accountApiPort, use: 'the account API', setting: 'ACCOUNT_API_PORT' },
    metricsPort(settings.metricsAddress),
  ];
}

function summary(addresses: Addresses, env: NodeJS.ProcessEnv, taskQueue: string, metricsAddress: string): string {
  const { temporal = env.TEMPORAL_ADDRESS, temporalUi, ticketSystem, accountApi } = addresses;
  const services = [
    ['ticket system', env.TICKET_SYSTEM_URL || ticketSystem, ticketSystem, 'TICKET_SYSTEM_URL'],
    ['account API', env.ACCOUNT_API_URL || accountApi, accountApi, 'ACCOUNT_API_URL'],
  ];
  return [
    '',
    'Everything is running:',
    `  Temporal       ${temporal}${temporalUi === undefined ? '' : `   UI ${temporalUi}`}`,
    `  ticket system  ${ticketSystem}   API ${ticketSystem}/docs`,
    `  account API    ${accountApi}   API ${accountApi}/docs`,
    `  worker         task queue ${taskQueue}`,
    `                 metrics http://${metricsAddress}/metrics`,
    ...services.flatMap(([name, called, ours, setting]) =>
      called === ours ? [] : [`                 calls the ${name} at ${called} (${setting})`],
    ),
    'Next, in another terminal:',
    '  npm run starter -- order',
    '  npm run starter -- transfer account_A account_B 100',
    ...(temporal === env.TEMPORAL_ADDRESS ? [] : starterHint(env)),
    'Ctrl-C stops everything.',
    '',
  ].join('\n');
}

/** A profile that the user names explicitly is where the starter goes. */
function starterHint(env: NodeJS.ProcessEnv): readonly string[] {
  const names = ['TEMPORAL_PROFILE', 'TEMPORAL_CONFIG_FILE'].filter((name) => env[name]);
  return names.length === 0 ? [] : [`  (unset ${names.join(' and ')} first, which the starter would use)`];
}

const commandLine = createCommandLine('npm start --', {
  description: 'Starts a Temporal server, the ticket system, the account API and a worker, until Ctrl-C.',
  settings: {
    TEMPORAL_ADDRESS: 'a Temporal server of your own; then none is started',
    TEMPORAL_PORT: 'default 7233',
    TEMPORAL_UI_PORT: 'default 8233',
    TICKET_SYSTEM_PORT: 'default 3001; 0 is any free port',
    ACCOUNT_API_PORT: 'default 3002; 0 is any free port',
    METRICS_ADDRESS: "the worker's metrics; default 127.0.0.1:9464",
    DATABASE_DIR: 'where everything is stored; default database',
    TICKET_SYSTEM_MODE: 'what the ticket system can promise: none, deadline or idempotency-key',
    FAULTS: 'a preset of faults, such as hostile; default calm',
  },
  exitCodes: {
    0: 'stopped by Ctrl-C',
    1: 'a part could not start, or ended by itself',
    130: 'killed by a second Ctrl-C',
  },
});
await runProgram(() => runCommandLine(commandLine, process.argv.slice(2), main), { stdout: 'logs' });
