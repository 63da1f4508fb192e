import { existsSync } from 'node:fs';
import { isNativeError } from 'node:util/types';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { errorMessage } from '../../contracts/errors.ts';
import { WaitTimeoutError, waitUntil } from '../processes/wait-until.ts';

const DEFAULT_ADDRESS = '127.0.0.1:7233';
const DEFAULT_TIMEOUT_MS = 10_000;

/** gRPC's codes for answers that will not change by asking again. */
const FINAL_CODES: ReadonlySet<unknown> = new Set([3, 7, 16]);

export type ConnectionSettings = ReturnType<typeof readConnectionSettings>;

export interface ConnectOptions {
  /** Where the settings are read from; default the environment of this process. */
  readonly env?: NodeJS.ProcessEnv;
  /** How long to wait for the server; default 10 s. */
  readonly timeoutMs?: number;
}

/** No connection to the Temporal server; the message says where it was looked for and what to do. */
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
  // The SDK passes a missing file over, and would go to the default address instead.
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
    throw new NotConnectedError(`the TEMPORAL_* settings cannot be used: ${reason}`, { cause: error });
  }
}

/**
 * Tries to connect until it succeeds, for a server may still be starting.
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
        `  ${error instanceof WaitTimeoutError ? reason : `It refused: ${reason}`}`,
        'What to do:',
        '  - start everything: npm start   (the server alone: npm run temporal)',
        '  - or name the server that runs elsewhere: TEMPORAL_ADDRESS=host:7233',
      ].join('\n'),
      { cause: error },
    );
  }
}

/** An empty TEMPORAL_API_KEY would turn TLS on; `NAME=` means: as if it were not set. */
function withoutEmpty(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined || value === '' ? [] : [[name, value]])),
  );
}

function codeOf(error: unknown): unknown {
  if (!isNativeError(error)) return undefined;
  return 'code' in error ? error.code : codeOf(error.cause);
}
