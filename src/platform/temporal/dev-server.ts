import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../processes/free-port.ts';
import { MINIMAL_ENVIRONMENT } from '../processes/minimal-environment.ts';
import { type Child, type ChildExit, startChild } from '../processes/start-child.ts';
import { NotReadyError, untilLine, untilReady } from '../processes/until-ready.ts';
import { connectToOwnServer } from './connect.ts';
import { DEV_SERVER_ENV, DYNAMIC_CONFIG, SQLITE_PRAGMAS } from './dev-server-settings.ts';
import { missingSearchAttributes, type SearchAttributeKey, searchAttributeTypeName } from './search-attributes.ts';

export const DEV_SERVER_HOST = '127.0.0.1';
const STOP_GRACE_MS = 10_000;
const PORT_ATTEMPTS = 5;

export interface DevServerOptions {
  /** The path that `findTemporalCli` returns. */
  readonly cliPath: string;
  /** Where the server keeps its state; the folder must exist. Default in memory. */
  readonly databaseFile?: string;
  /** The descriptor of an open file that the server keeps open, so that a lock on it lasts as long as the server. */
  readonly inheritedFile?: number;
  /** 0, the default, uses a free port. */
  readonly port?: number;
  /** 0, the default, uses a free port; `none` starts no web UI, which is faster. */
  readonly uiPort?: number | 'none';
  /** Created if it does not exist; default `default`. */
  readonly namespace?: string;
  /** Registered when the server starts; default none. */
  readonly searchAttributes?: readonly SearchAttributeKey[];
  /** In addition to the settings of every embedded server; default none. */
  readonly dynamicConfig?: Readonly<Record<string, string | number | boolean>>;
  /** Default `error`. */
  readonly logLevel?: 'debug' | 'info' | 'warn' | 'error' | 'never';
  /** How long to wait until it responds; default 30 s. */
  readonly timeoutMs?: number;
  /** Called with each line printed after it is ready. Earlier lines are its banner, or are part of the error. */
  readonly onLine?: (line: string) => void;
}

export interface DevServer {
  /** `127.0.0.1:7233` */
  readonly address: string;
  /** `http://127.0.0.1:8233`; undefined without UI. */
  readonly uiAddress: string | undefined;
  readonly namespace: string;
  readonly pid: number;
  /** Never rejects. */
  readonly exited: Promise<ChildExit>;
  /** The last lines that it printed. */
  tail(): readonly string[];
  /** SIGTERM, and after 10 s SIGKILL. */
  stop(): Promise<ChildExit>;
  kill(): Promise<ChildExit>;
}

/** The requested port is already in use. */
export class PortTakenError extends Error {
  override readonly name = 'PortTakenError';
}

/**
 * Starts Temporal's development server on loopback and waits until it responds. It exits when this process is gone.
 * @throws PortTakenError when a requested port is already in use
 * @throws NotReadyError with its last lines when it exits or does not respond in time
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
      // Another program has taken a port that was free.
      if (attempt === PORT_ATTEMPTS) throw error;
      await pause(50);
    }
  }
}

async function startOnPorts(options: DevServerOptions, port: number, uiPort: number | undefined): Promise<DevServer> {
  const { cliPath, namespace = 'default', searchAttributes = [], timeoutMs = 30_000, onLine } = options;
  let ready = false;
  const address = `${DEV_SERVER_HOST}:${port}`;
  const child = await startChild({
    name: 'the Temporal server',
    command: cliPath,
    args: commandLine(options, port, uiPort),
    // Not the user's settings: they describe another server, and the CLI would apply some of them to this one.
    env: { ...MINIMAL_ENVIRONMENT, ...DEV_SERVER_ENV },
    guarded: true,
    inheritedFile: options.inheritedFile,
    onLine: (line) => {
      if (ready) onLine?.(line);
    },
  });
  try {
    // The banner shows that it has its ports. Without it, the response could come from another server.
    await untilLine(child, /Server: /, { what: 'its banner', timeoutMs });
    await untilReady(child, () => isServing(address, namespace, searchAttributes), {
      what: `a response from the Temporal server at ${address}`,
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
    uiAddress: uiPort === undefined ? undefined : `http://${DEV_SERVER_HOST}:${uiPort}`,
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
    ...['server', 'start-dev', '--ip', DEV_SERVER_HOST, '--port', String(port), '--log-level', logLevel],
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

/** Also waits for the search attributes, because the server registers them after it has begun to listen. */
async function isServing(
  address: string,
  namespace: string,
  searchAttributes: readonly SearchAttributeKey[],
): Promise<boolean | undefined> {
  const connection = await connectToOwnServer(address, { connectTimeout: 1_000 });
  try {
    await connection.workflowService.describeNamespace({ namespace });
    const missing = await missingSearchAttributes(connection, namespace, searchAttributes);
    return missing.length === 0 || undefined;
  } finally {
    await connection.close();
  }
}

function portTakenMessage(port: number): string {
  return [
    `${DEV_SERVER_HOST}:${port} is already in use by another program.`,
    `  - if that is a Temporal server, use it: TEMPORAL_ADDRESS=${DEV_SERVER_HOST}:${port}`,
    '  - otherwise stop that program and start again',
  ].join('\n');
}

/**
 * The port that the server could not use. Undefined in the result means one of the ports that it chooses for its
 * internal services; it may panic when it cannot use one.
 */
function portLost(error: unknown): { readonly port: number | undefined } | undefined {
  if (!(error instanceof NotReadyError)) return undefined;
  const output = error.output.join('\n');
  const taken = /(\d+): bind: address already in use/.exec(output);
  if (taken !== null) return { port: Number(taken[1]) };
  return output.includes('failed to assign a free port') ? { port: undefined } : undefined;
}
