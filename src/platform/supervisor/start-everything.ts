import { type Child, describeExit, startChild } from '../processes/start-child.ts';
import { untilLine } from '../processes/until-ready.ts';
import { type EmbeddedServerOptions, startEmbeddedServer } from '../temporal/embedded-server.ts';
import { type Part, type RunningPart, type Supervisor, supervise } from './supervise.ts';

const RUN = 'scripts/run.mjs';
const READY_LIMIT_MS = 60_000;
const SERVICE_GRACE_MS = 10_000;

/** The names of the parts, in the order in which they are started. */
export const PART_NAMES = ['temporal', 'ticket system', 'account API', 'worker'] as const;

export interface EverythingOptions {
  /** The environment of the programs. */
  readonly env: NodeJS.ProcessEnv;
  /** The project's folder. */
  readonly root: string;
  /** The server to start; `elsewhere` when the environment names one. */
  readonly temporal: EmbeddedServerOptions | 'elsewhere';
  /** How long the worker may take to finish what it has begun. */
  readonly workerGraceMs: number;
  /** For a part's name, what prints a line of its output. */
  readonly print: (name: string) => (line: string) => void;
  /** Called when a part is being stopped. */
  readonly onStop?: (name: string) => void;
  /** What Node runs; default the programs of this project. */
  readonly programs?: {
    readonly ticketSystem: readonly string[];
    readonly accountApi: readonly string[];
    readonly worker: readonly string[];
  };
}

/** Where what was started can be reached. */
export interface Addresses {
  temporal?: string;
  temporalUi?: string | undefined;
  ticketSystem?: string;
  accountApi?: string;
}

/**
 * Starts the Temporal server, both services and the worker, each ready before the next, and keeps them together.
 * @returns the supervisor, and the addresses, complete once it has started
 */
export function startEverything(options: EverythingOptions): Supervisor & { readonly addresses: Addresses } {
  const addresses: Addresses = {};
  const parts = [
    ticketSystemPart(options, addresses),
    accountApiPart(options, addresses),
    workerPart(options, addresses),
  ];
  if (options.temporal !== 'elsewhere') parts.unshift(temporalPart(options, options.temporal, addresses));
  return { ...supervise(parts, options.onStop), addresses };
}

function temporalPart({ print }: EverythingOptions, server: EmbeddedServerOptions, addresses: Addresses): Part {
  return {
    name: 'temporal',
    async start() {
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

function ticketSystemPart(options: EverythingOptions, addresses: Addresses): Part {
  const { env, programs } = options;
  return programPart(options, {
    name: 'ticket system',
    program: programs?.ticketSystem ?? [RUN, 'src/services/ticket-system/main.ts'],
    env: () => env,
    readyLine: /ticket system listens on (https?:\/\/[\w.:[\]-]+)/,
    onReady: ([, url]) => {
      if (url !== undefined) addresses.ticketSystem = url;
    },
    graceMs: SERVICE_GRACE_MS,
  });
}

function accountApiPart(options: EverythingOptions, addresses: Addresses): Part {
  const { env, programs } = options;
  return programPart(options, {
    name: 'account API',
    program: programs?.accountApi ?? [RUN, 'src/services/account-api/main.ts'],
    env: () => env,
    readyLine: /account API listens on (https?:\/\/[\w.:[\]-]+)/,
    onReady: ([, url]) => {
      if (url !== undefined) addresses.accountApi = url;
    },
    graceMs: SERVICE_GRACE_MS,
  });
}

function workerPart(options: EverythingOptions, addresses: Addresses): Part {
  const { env, programs, workerGraceMs } = options;
  return programPart(options, {
    name: 'worker',
    program: programs?.worker ?? [RUN, 'src/worker/main.ts'],
    env: () => ({
      ...env,
      ...(addresses.temporal && { TEMPORAL_ADDRESS: addresses.temporal }),
      // A service that was named explicitly is the one to call.
      TICKET_SYSTEM_URL: env.TICKET_SYSTEM_URL || addresses.ticketSystem,
      ACCOUNT_API_URL: env.ACCOUNT_API_URL || addresses.accountApi,
    }),
    readyLine: /worker is ready/,
    graceMs: workerGraceMs,
  });
}

interface Program {
  readonly name: string;
  /** Arguments of Node. */
  readonly program: readonly string[];
  readonly env: () => NodeJS.ProcessEnv;
  readonly readyLine: RegExp;
  readonly onReady?: (match: RegExpExecArray) => void;
  readonly graceMs: number;
}

function programPart({ root, print }: EverythingOptions, program: Program): Part {
  const { name, readyLine, onReady, graceMs } = program;
  return {
    name,
    async start(signal) {
      const child = await startChild({
        name,
        command: process.execPath,
        args: program.program,
        cwd: root,
        env: program.env(),
        onLine: print(name),
      });
      const stop = () => child.stop(graceMs);
      signal.addEventListener('abort', stop, { once: true });
      try {
        const match = await untilLine(child, readyLine, {
          what: `its line ${JSON.stringify(readyLine.source)}`,
          timeoutMs: READY_LIMIT_MS,
        });
        onReady?.(match);
      } catch (error) {
        await child.kill();
        throw error;
      } finally {
        signal.removeEventListener('abort', stop);
      }
      return runningPart(child, graceMs);
    },
  };
}

function runningPart(child: Child, graceMs: number): RunningPart {
  return {
    ended: child.exited.then(describeExit),
    stop: () => child.stop(graceMs),
    kill: () => child.kill(),
  };
}
