import { NativeConnection } from '@temporalio/worker';
import { type ConnectOptions, connectWithin } from './connect.ts';
import { readConnectionSettings } from './connection-settings.ts';

/**
 * Connects a worker to the Temporal server that the environment names, and waits for a server that is still starting. The
 * caller closes the connection. In a file of its own, because it loads the SDK's native library.
 * @throws NotConnectedError
 * @throws SettingsError when a setting is wrong
 */
export async function connectWorker({ env, ...options }: ConnectOptions = {}) {
  const settings = readConnectionSettings(env);
  const { address, namespace } = settings;
  const connection = await connectWithin(settings, options, () => NativeConnection.connect(settings.options));
  return { connection, address, namespace };
}
