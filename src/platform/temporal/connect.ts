import { statSync } from 'node:fs';
import { Client, Connection, type ConnectionOptions } from '@temporalio/client';
import type { LoadedDataConverter } from '@temporalio/common';
import { failureConverter, payloadConverter } from 'exactly-one/client';
import { errorMessage, fieldOf, withCauses } from '../../contracts/errors.ts';
import { isRefused } from '../processes/is-refused.ts';
import { WaitTimeoutError, waitUntil } from '../processes/wait-until.ts';
import { printError } from '../terminal/print.ts';
import { type TlsProblem, tlsProblem } from './connection-problem.ts';
import { type ConnectionSettings, readConnectionSettings } from './connection-settings.ts';
import { channelArgs, isLoopback, serverOf } from './loopback.ts';

/** Loaded already: the SDK would load it from its path by `require`. */
const dataConverter: LoadedDataConverter = { payloadConverter, failureConverter, payloadCodecs: [] };

const DEFAULT_TIMEOUT_MS = 10_000;
/** How long the SDK tries before it reports a failure; its own default is 10 s. */
const CONNECT_ATTEMPT_MS = 2_000;

/** gRPC's codes INVALID_ARGUMENT, PERMISSION_DENIED and UNAUTHENTICATED: another attempt will not help. */
const FINAL_CODES: ReadonlySet<unknown> = new Set([3, 7, 16]);

/** The environment variables through which gRPC's client finds a proxy. */
const PROXY_VARIABLES = ['grpc_proxy', 'https_proxy', 'http_proxy'];

export interface ConnectOptions {
  /** Default the environment of this process. */
  readonly env?: NodeJS.ProcessEnv;
  /** How long to wait for the server; default 10 s. */
  readonly timeoutMs?: number;
  /**
   * Called with a warning about the settings, and at once if nothing listens at the address; default prints it on
   * stderr.
   */
  readonly warn?: (warning: string) => void;
}

/** There is no connection to the Temporal server. The message gives the address and says what to do. */
export class NotConnectedError extends Error {
  override readonly name = 'NotConnectedError';
}

/** TLS is in the way of a connection. The message says what is wrong and what to do. */
class TlsError extends Error {
  override readonly name = 'TlsError';
  readonly mayPass: boolean;

  constructor({ message, mayPass }: TlsProblem, cause: unknown) {
    super(message, { cause });
    this.mayPass = mayPass;
  }
}

/**
 * Connects a client to the Temporal server that the environment names, and waits for a server that is still starting.
 * The caller closes the connection.
 * @throws NotConnectedError
 * @throws SettingsError when a setting is wrong
 */
export async function connectClient({ env, ...options }: ConnectOptions = {}) {
  const settings = readConnectionSettings(env);
  const { address, namespace } = settings;
  const connection = await connectWithin(settings, options, () =>
    Connection.connect({
      ...settings.options,
      channelArgs: channelArgs(address),
      connectTimeout: CONNECT_ATTEMPT_MS,
    }),
  );
  return { connection, client: new Client({ connection, namespace, dataConverter }), address, namespace };
}

/** Connects a client to a server that was started here, whatever the user's environment says. */
export function connectToOwnServer(address: string, options: ConnectionOptions = {}): Promise<Connection> {
  return Connection.connect({ ...options, address, channelArgs: { ...options.channelArgs, ...channelArgs(address) } });
}

/**
 * Tries to connect until it succeeds, because the server may still be starting. A connection that is made after the wait
 * is over is closed.
 * @throws NotConnectedError when the time is up, or at once when the server refuses or TLS is in the way
 */
export async function connectWithin<T extends { close(): Promise<void> }>(
  settings: ConnectionSettings,
  { timeoutMs = DEFAULT_TIMEOUT_MS, warn = printError }: Omit<ConnectOptions, 'env'>,
  connect: () => Promise<T>,
): Promise<T> {
  const { address, namespace, keyFile } = settings;
  if (keyFile !== undefined && othersMayRead(keyFile)) {
    warn(`the private key in ${keyFile} can be read by other users: chmod 600 ${keyFile}`);
  }
  const attempt = () =>
    connect().catch(async (error: unknown) => {
      const problem = mayBeTls(settings, error) ? await tlsProblem(settings) : undefined;
      throw problem === undefined ? error : new TlsError(problem, error);
    });
  let waiting = true;
  if (connectsDirectly(address)) {
    void isRefused(serverOf(address)).then((refused) => {
      if (refused && waiting) warn(waitingLine(address, timeoutMs));
    });
  }
  try {
    return await waitUntil(attempt, {
      what: `the Temporal server at ${address}`,
      timeoutMs,
      everyMs: 200,
      discard: (connection) => connection.close(),
      retryable: (error) => !isRefusal(error) && !(error instanceof TlsError && !error.mayPass),
    });
  } catch (error) {
    throw new NotConnectedError(
      [
        `No connection to the Temporal server at ${address} (namespace ${namespace}).`,
        ...(error instanceof TlsError ? [`  ${error.message}`] : reasonAndRemedy(error)),
      ].join('\n'),
      { cause: error },
    );
  } finally {
    waiting = false;
  }
}

function waitingLine(address: string, timeoutMs: number): string {
  const remedy = 'start it with npm start or npm run temporal, or name another one with TEMPORAL_ADDRESS';
  return `waiting ${timeoutMs / 1_000} s for a Temporal server at ${address}, where nothing listens: ${remedy}`;
}

function reasonAndRemedy(error: unknown): readonly string[] {
  const reason = errorMessage(error);
  return [
    `  ${error instanceof WaitTimeoutError ? reason : `The server refused: ${reason}`}`,
    'What to do:',
    '  - start everything: npm start   (only the Temporal server: npm run temporal)',
    '  - or name a server that is already running: TEMPORAL_ADDRESS=host:7233',
  ];
}

function mayBeTls({ address }: ConnectionSettings, error: unknown): boolean {
  return !isRefusal(error) && connectsDirectly(address);
}

/** Not if the connection goes through a proxy, which a connection of our own would bypass. */
function connectsDirectly(address: string): boolean {
  return isLoopback(address) || !PROXY_VARIABLES.some((name) => process.env[name]);
}

function isRefusal(error: unknown): boolean {
  return FINAL_CODES.has(codeOf(error));
}

function othersMayRead(file: string): boolean {
  return ((statSync(file, { throwIfNoEntry: false })?.mode ?? 0) & 0o077) !== 0;
}

function codeOf(error: unknown): unknown {
  return withCauses(error)
    .map((each) => fieldOf(each, 'code'))
    .find((code) => code !== undefined);
}
