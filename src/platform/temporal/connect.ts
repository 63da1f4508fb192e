import { existsSync } from 'node:fs';
import { Client, Connection } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { errorMessage, fieldOf, withCauses } from '../../contracts/errors.ts';
import { WaitTimeoutError, waitUntil } from '../processes/wait-until.ts';

const DEFAULT_ADDRESS = '127.0.0.1:7233';
const DEFAULT_TIMEOUT_MS = 10_000;
/** How long the SDK tries before it reports a failure; its own default is 10 s. */
const CONNECT_ATTEMPT_MS = 2_000;

/** gRPC's codes INVALID_ARGUMENT, PERMISSION_DENIED and UNAUTHENTICATED: another attempt will not help. */
const FINAL_CODES: ReadonlySet<unknown> = new Set([3, 7, 16]);

type ConnectionSettings = ReturnType<typeof readConnectionSettings>;

export interface ConnectOptions {
  /** Default the environment of this process. */
  readonly env?: NodeJS.ProcessEnv;
  /** How long to wait for the server; default 10 s. */
  readonly timeoutMs?: number;
}

/** There is no connection to the Temporal server. The message gives the address and says what to do. */
export class NotConnectedError extends Error {
  override readonly name = 'NotConnectedError';
}

/**
 * Reads the SDK's own settings: `TEMPORAL_ADDRESS`, `TEMPORAL_NAMESPACE`, `TEMPORAL_API_KEY`, `TEMPORAL_TLS*`,
 * `TEMPORAL_PROFILE` and `TEMPORAL_CONFIG_FILE`; default 127.0.0.1:7233, namespace `default`.
 * https://docs.temporal.io/develop/environment-configuration
 * @throws NotConnectedError when a setting is wrong
 */
export function readConnectionSettings(env: NodeJS.ProcessEnv = process.env) {
  const file = env.TEMPORAL_CONFIG_FILE;
  // The SDK ignores a missing file and would connect to the default address instead.
  if (file && !existsSync(file)) throw new NotConnectedError(`TEMPORAL_CONFIG_FILE=${file}: there is no such file`);
  try {
    const { connectionOptions, namespace = 'default' } = loadClientConnectConfig({
      overrideEnvVars: withoutEmpty(env),
    });
    const { address = DEFAULT_ADDRESS, apiKey, tls, metadata } = connectionOptions;
    return {
      address,
      namespace,
      options: { address, ...(apiKey && { apiKey }), ...(tls !== undefined && { tls }), ...(metadata && { metadata }) },
    };
  } catch (error) {
    const reason = errorMessage(error);
    throw new NotConnectedError(`The TEMPORAL_* settings cannot be used: ${reason}`, { cause: error });
  }
}

/**
 * Connects a client to the Temporal server that the environment names, and waits for a server that is still starting.
 * The caller closes the connection.
 * @throws NotConnectedError
 */
export async function connectClient({ env, timeoutMs }: ConnectOptions = {}) {
  const settings = readConnectionSettings(env);
  const { address, namespace, options } = settings;
  const connection = await connectWithin(
    settings,
    () => Connection.connect({ ...options, connectTimeout: CONNECT_ATTEMPT_MS }),
    timeoutMs,
  );
  return { connection, client: new Client({ connection, namespace }), address, namespace };
}

/**
 * Tries to connect until it succeeds, because the server may still be starting.
 * @throws NotConnectedError when the time is up, or at once when the server refuses
 */
export async function connectWithin<T>(
  settings: ConnectionSettings,
  connect: () => Promise<T>,
  timeoutMs = DEFAULT_TIMEOUT_MS,
): Promise<T> {
  const { address, namespace } = settings;
  try {
    return await waitUntil(connect, {
      what: `the Temporal server at ${address}`,
      timeoutMs,
      everyMs: 200,
      retryable: (error) => !FINAL_CODES.has(codeOf(error)),
    });
  } catch (error) {
    const reason = errorMessage(error);
    throw new NotConnectedError(
      [
        `No connection to the Temporal server at ${address} (namespace ${namespace}).`,
        `  ${error instanceof WaitTimeoutError ? reason : `The server refused: ${reason}`}`,
        'What to do:',
        '  - start everything: npm start   (only the Temporal server: npm run temporal)',
        '  - or name a server that is already running: TEMPORAL_ADDRESS=host:7233',
      ].join('\n'),
      { cause: error },
    );
  }
}

/** An empty variable counts as not set. To the SDK, an empty TEMPORAL_API_KEY would mean TLS. */
function withoutEmpty(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined || value === '' ? [] : [[name, value]])),
  );
}

function codeOf(error: unknown): unknown {
  return withCauses(error)
    .map((each) => fieldOf(each, 'code'))
    .find((code) => code !== undefined);
}
