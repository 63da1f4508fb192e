import { errorMessage } from '../../contracts/errors.ts';
import { WITHOUT_ENV_FILE } from '../processes/minimal-environment.ts';
import { PROJECT_FOLDER } from '../processes/project-folder.ts';
import { type Child, describeExit, startChild } from '../processes/start-child.ts';
import { untilLine } from '../processes/until-ready.ts';
import { type EmbeddedServerOptions, startEmbeddedServer } from '../temporal/embedded-server.ts';
import { ownServerSettings, withoutTemporalSettings } from '../temporal/server-environment.ts';
import { restartingPart } from './restarting-part.ts';
import { watchSource } from './source-changes.ts';
import { type Part, type RunningPart, type Supervisor, supervise } from './supervise.ts';

const RUN = 'scripts/run.mjs';
const READY_TIMEOUT_MS = 60_000;
const SERVICE_GRACE_MS = 10_000;
/** Long enough to ask for the status of an order that waits. */
const WORKER_MISSING_FOR_MS = 10_000;

/** What a worker runs. */
export const WORKER_SOURCES = [
  ...['activities', 'clients', 'contracts', 'platform', 'resilience', 'worker', 'workflows'].map(
    (name) => `src/${name}`,
  ),
  'packages/exactly-one/src',
];

const SERVICES = [
  { name: 'ticket system', key: 'ticketSystem', program: 'src/services/ticket-system/main.ts' },
  { name: 'account API', key: 'accountApi', program: 'src/services/account-api/main.ts' },
] as const;
type Service = (typeof SERVICES)[number];

/** The names of the parts, in start order. */
export const PART_NAMES = ['temporal', 'ticket system', 'account API', 'worker'] as const;

interface EverythingOptions {
  /** The complete environment of the programs. The user's `TEMPORAL_*` do not reach a server that is started here. */
  readonly env: NodeJS.ProcessEnv;
  /** The Temporal server to start; `elsewhere` when the environment names one. */
  readonly temporal: EmbeddedServerOptions | 'elsewhere';
  /** How long the worker may take to finish what it has started, before it is killed. */
  readonly workerGraceMs: number;
  /** Returns the function that prints the output of this part. */
  readonly print: (name: string) => (line: string) => void;
  /** Called when a part is being stopped. */
  readonly onStop?: (name: string) => void;
  /** How long a worker that was killed is missing before a new one starts; default 10 s. */
  readonly workerMissingForMs?: number;
  /** The folder of the project whose changes start the worker again; default none. */
  readonly watched?: string | undefined;
  /** Node's arguments; default the programs of this project. */
  readonly programs?: {
    readonly ticketSystem: readonly string[];
    readonly accountApi: readonly string[];
    readonly worker: readonly string[];
  };
}

/** Each address is set when its part is ready. */
export interface Addresses {
  temporal?: string;
  temporalUi?: string | undefined;
  ticketSystem?: string;
  accountApi?: string;
}

/**
 * Starts the Temporal server, both services and the worker, each when the one before is ready, and supervises them.
 */
export function startEverything(options: EverythingOptions): Supervisor & { readonly addresses: Addresses } {
  const addresses: Addresses = {};
  const parts = [
    ...SERVICES.map((service) => servicePart(options, service, addresses)),
    workerPart(options, addresses),
  ];
  if (options.temporal !== 'elsewhere') parts.unshift(temporalPart(options, options.temporal, addresses));
  return { ...supervise(parts, options.onStop), addresses };
}

function temporalPart({ print }: EverythingOptions, server: EmbeddedServerOptions, addresses: Addresses): Part {
  return {
    name: 'temporal',
    async start() {
      print('temporal')('starting ...');
      const { address, uiAddress, pid, exited, stop, kill } = await startEmbeddedServer({
        ...server,
        onLine: print('temporal'),
      });
      print('temporal')(`is ready at ${address}, process ${pid}`);
      addresses.temporal = address;
      addresses.temporalUi = uiAddress;
      return { ended: exited.then(describeExit), stop, kill };
    },
  };
}

function servicePart(options: EverythingOptions, service: Service, addresses: Addresses): Part {
  const { name, key } = service;
  return programPart(options, {
    name,
    args: options.programs?.[key] ?? [RUN, service.program],
    env: () => withoutTemporalSettings(options.env),
    readyLine: new RegExp(`${name} listens on (https?://[\\w.:[\\]-]+)`),
    onReady: ([, url]) => {
      if (url !== undefined) addresses[key] = url;
    },
    graceMs: SERVICE_GRACE_MS,
  });
}

function workerPart(options: EverythingOptions, addresses: Addresses): Part {
  const { env, programs, temporal, workerGraceMs, watched } = options;
  const program: Program = {
    name: 'worker',
    args: programs?.worker ?? [RUN, 'src/worker/main.ts'],
    env: () => ({
      ...(temporal === 'elsewhere'
        ? env
        : {
            ...withoutTemporalSettings(env),
            ...ownServerSettings({ address: addresses.temporal ?? '', namespace: temporal.namespace }),
          }),
      // A service that the environment names is used instead of ours.
      TICKET_SYSTEM_URL: env.TICKET_SYSTEM_URL || addresses.ticketSystem,
      ACCOUNT_API_URL: env.ACCOUNT_API_URL || addresses.accountApi,
    }),
    readyLine: /worker is ready/,
    graceMs: workerGraceMs,
  };
  const say = options.print('worker');
  return restartingPart({
    name: program.name,
    start: (...signals) => startProgramPart(options, program, signals),
    graceMs: workerGraceMs,
    missingForMs: options.workerMissingForMs ?? WORKER_MISSING_FOR_MS,
    whenKilled: 'Nothing is lost: orders and transfers wait for a worker.',
    watch: (onChange) => {
      if (watched === undefined) return () => undefined;
      try {
        return watchSource(watched, WORKER_SOURCES, onChange);
      } catch (error) {
        say(`changes of the source do not start the worker again: ${errorMessage(error)}`);
        return () => undefined;
      }
    },
    say,
  });
}

interface Program {
  readonly name: string;
  /** Arguments of Node. */
  readonly args: readonly string[];
  readonly env: () => NodeJS.ProcessEnv;
  readonly readyLine: RegExp;
  readonly onReady?: (match: RegExpExecArray) => void;
  readonly graceMs: number;
}

function programPart(options: EverythingOptions, program: Program): Part {
  return {
    name: program.name,
    start: async (...signals) => runningPart(await startProgramPart(options, program, signals), program.graceMs),
  };
}

async function startProgramPart(
  { print }: EverythingOptions,
  program: Program,
  [signal, kill]: Parameters<Part['start']>,
): Promise<Child> {
  const { name, readyLine, onReady, graceMs } = program;
  print(name)('starting ...');
  const child = await startChild({
    name,
    command: process.execPath,
    args: program.args,
    cwd: PROJECT_FOLDER,
    env: { ...program.env(), ...WITHOUT_ENV_FILE },
    onLine: print(name),
  });
  const stop = () => child.stop(graceMs);
  signal.addEventListener('abort', stop, { once: true });
  kill.addEventListener('abort', child.kill, { once: true });
  try {
    const match = await untilLine(child, readyLine, {
      what: `its line ${JSON.stringify(readyLine.source)}`,
      timeoutMs: READY_TIMEOUT_MS,
    });
    onReady?.(match);
    return child;
  } catch (error) {
    await child.kill();
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
    kill.removeEventListener('abort', child.kill);
  }
}

function runningPart(child: Child, graceMs: number): RunningPart {
  return {
    ended: child.exited.then(describeExit),
    stop: () => child.stop(graceMs),
    kill: () => child.kill(),
  };
}
