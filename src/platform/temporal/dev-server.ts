import { setTimeout as pause } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { freePort } from '../processes/free-port.ts';
import { type Child, type ChildExit, startChild } from '../processes/start-child.ts';
import { NotReadyError, untilLine, untilReady } from '../processes/until-ready.ts';
import { DEV_SERVER_ENV, DYNAMIC_CONFIG, SQLITE_PRAGMAS } from './dev-server-settings.ts';
import { missingSearchAttributes, type SearchAttributeKey, searchAttributeTypeName } from './search-attributes.ts';

const HOST = '127.0.0.1';
const STOP_GRACE_MS = 5_000;
const PORT_ATTEMPTS = 5;

export interface DevServerOptions {
  /** The Temporal CLI, as `findTemporalCli` gives it. */
  readonly cliPath: string;
  /** Where the server keeps its state; its folder must exist. In memory when left out. */
  readonly databaseFile?: string;
  /** 0, the default, takes a free one. */
  readonly port?: number;
  /** 0, the default, takes a free one; `none` leaves the web UI out, which starts faster. */
  readonly uiPort?: number | 'none';
  /** Made at the start if it is missing; default `default`. */
  readonly namespace?: string;
  /** Registered at the start; default none. */
  readonly searchAttributes?: readonly SearchAttributeKey[];
  /** Beyond what every embedded server is set to; default none. */
  readonly dynamicConfig?: Readonly<Record<string, string | number | boolean>>;
  /** Default `error`. */
  readonly logLevel?: 'debug' | 'info' | 'warn' | 'error' | 'never';
  /** Until it answers; default 30 s. */
  readonly timeoutMs?: number;
  /** Called with each line that it prints once it is ready; what it prints before is its banner, or in the error. */
  readonly onLine?: (line: string) => void;
}

export interface DevServer {
  /** `127.0.0.1:7233` */
  readonly address: string;
  /** `http://127.0.0.1:8233`, or undefined without UI. */
  readonly uiAddress: string | undefined;
  readonly namespace: string;
  readonly pid: number;
  /** How it ended; never rejects. */
  readonly exited: Promise<ChildExit>;
  /** Its last lines. */
  tail(): readonly string[];
  /** Ends it in order, and after 5 s by force. */
  stop(): Promise<ChildExit>;
  kill(): Promise<ChildExit>;
}

/** A port that was asked for by number is in use. */
export class PortTakenError extends Error {
  override readonly name = 'PortTakenError';
}

/**
 * Starts Temporal's development server on loopback and waits until it answers. It leaves when this process is gone.
 * @throws PortTakenError when a port that was asked for is taken
 * @throws NotReadyError with its last lines when it ends or does not answer in time
 */
export async function startDevServer(options: DevServerOptions): Promise<DevServer> {
  for (let attempt = 1; ; attempt += 1) {
    const port = options.port || (await freePort());
    const uiPort = options.uiPort === 'none' ? undefined : options.uiPort || (await freePort());
    try {
      return await startOnPorts(options, port, uiPort);
    } catch (error) {
      const lost = portLost(error);
      if (lost === undefined) throw error;
      if (lost.port !== undefined && (lost.port === options.port || lost.port === options.uiPort)) {
        throw new PortTakenError(portTakenMessage(lost.port), { cause: error });
      }
      // Somebody was quicker to take the free port.
      if (attempt === PORT_ATTEMPTS) throw error;
      await pause(50);
    }
  }
}

async function startOnPorts(options: DevServerOptions, port: number, uiPort: number | undefined): Promise<DevServer> {
  const { cliPath, namespace = 'default', searchAttributes = [], timeoutMs = 30_000, onLine } = options;
  let ready = false;
  const address = `${HOST}:${port}`;
  const child = await startChild({
    name: 'the Temporal server',
    command: cliPath,
    args: commandLine(options, port, uiPort),
    env: { ...withoutTemporalSettings(process.env), ...DEV_SERVER_ENV },
    guarded: true,
    onLine: (line) => {
      if (ready) onLine?.(line);
    },
  });
  try {
    // Its banner says that the ports are its own: without it, another server could be the one that answers.
    await untilLine(child, /Server: /, { what: 'its banner', timeoutMs });
    await untilReady(child, () => answers(address, namespace, searchAttributes), {
      what: `an answer from the Temporal server at ${address}`,
      timeoutMs,
    });
  } catch (error) {
    await child.kill();
    throw error;
  }
  ready = true;
  return devServer(child, address, uiPort, namespace);
}

function devServer(child: Child, address: string, uiPort: number | undefined, namespace: string): DevServer {
  return {
    address,
    uiAddress: uiPort === undefined ? undefined : `http://${HOST}:${uiPort}`,
    namespace,
    pid: child.pid,
    exited: child.exited,
    tail: () => child.output.tail(),
    stop: () => child.stop(STOP_GRACE_MS),
    kill: () => child.kill(),
  };
}

function commandLine(options: DevServerOptions, port: number, uiPort: number | undefined): string[] {
  const { databaseFile, namespace = 'default', searchAttributes = [], dynamicConfig, logLevel = 'error' } = options;
  const pragmas = Object.entries(SQLITE_PRAGMAS).flatMap(([name, value]) => ['--sqlite-pragma', `${name}=${value}`]);
  return [
    ...['server', 'start-dev', '--ip', HOST, '--port', String(port), '--log-level', logLevel],
    ...(uiPort === undefined ? ['--headless'] : ['--ui-port', String(uiPort), '--ui-disable-news-fetch']),
    ...(databaseFile === undefined ? [] : ['--db-filename', databaseFile, ...pragmas]),
    ...(namespace === 'default' ? [] : ['--namespace', namespace]),
    ...searchAttributes.flatMap(({ name, type }) => ['--search-attribute', `${name}=${searchAttributeTypeName(type)}`]),
    ...Object.entries({ ...DYNAMIC_CONFIG, ...dynamicConfig }).flatMap(([key, value]) => [
      '--dynamic-config-value',
      `${key}=${JSON.stringify(value)}`,
    ]),
  ];
}

/** Whether the server serves the namespace with its search attributes, which it registers after it has begun to listen. */
async function answers(
  address: string,
  namespace: string,
  searchAttributes: readonly SearchAttributeKey[],
): Promise<boolean | undefined> {
  const connection = await Connection.connect({ address, connectTimeout: 1_000 });
  try {
    await connection.workflowService.describeNamespace({ namespace });
    const missing = await missingSearchAttributes(connection, namespace, searchAttributes);
    return missing.length === 0 || undefined;
  } finally {
    await connection.close();
  }
}

/** The CLI reads the same variables as our programs, and some of them would change what this server does. */
function withoutTemporalSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('TEMPORAL_')));
}

function portTakenMessage(port: number): string {
  return [
    `${HOST}:${port} is taken: another program listens there.`,
    `  - if it is a Temporal server, it can be used: TEMPORAL_ADDRESS=${HOST}:${port}`,
    '  - otherwise stop it, and start again',
  ].join('\n');
}

/**
 * A server that lost a port: one of those on its command line, or one that it chose itself for its own services, over which
 * it may panic.
 */
function portLost(error: unknown): { readonly port: number | undefined } | undefined {
  if (!(error instanceof NotReadyError)) return undefined;
  const output = error.output.join('\n');
  const taken = /(\d+): bind: address already in use/.exec(output);
  if (taken !== null) return { port: Number(taken[1]) };
  return output.includes('failed to assign a free port') ? { port: undefined } : undefined;
}
